// Ask the phone for its position only when the reader presses the button; without it the list of communities remains.
const form = document.getElementById("locate-form");
const status = document.getElementById("locate-status");

if ("geolocation" in navigator && window.isSecureContext) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = "正在找您的位置，请稍等……";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.longitude.value = coords.longitude;
        form.elements.latitude.value = coords.latitude;
        form.elements.accuracy.value = Math.ceil(coords.accuracy);
        form.submit();
      },
      () => {
        status.textContent = "没有拿到位置，没关系：请在下面选您住的社区和小区，或者在图上点一下。";
      },
      { timeout: 10000, maximumAge: 60000 },
    );
  });
} else {
  document.getElementById("locate").hidden = true;
}
