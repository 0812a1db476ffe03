// The invisible proof of work of config/open_forms.py: while somebody fills in a form, their device looks for a number
// that makes SHA-256(SHA-256(challenge) + number) begin with enough zero bits. It begins with the first focus, in short
// turns so that the page never freezes, and stops at nothing: a form sent before it is done is accepted all the same.

const TURN = 12; // milliseconds of work before the page gets its turn

const primes = [];
for (let number = 2; primes.length < 64; number += 1) {
  if (primes.every((prime) => number % prime)) primes.push(number);
}
const fraction = (root) => ((root % 1) * 2 ** 32) | 0;
const K = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const w = new Int32Array(64);

// One block of 16 words, which stand in `w`, into the state of 8. (FIPS 180-4; crypto.subtle takes many times as long
// for so short a text, and is not there at all on a page without https.)
function compress(state) {
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

// The SHA-256 of a text, as eight words.
export function digest(text) {
  const bytes = new TextEncoder().encode(text);
  const blocks = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64));
  bytes.forEach((byte, index) => blocks.setUint8(index, byte));
  blocks.setUint8(bytes.length, 0x80);
  blocks.setUint32(blocks.byteLength - 4, bytes.length * 8);
  const state = Int32Array.from(START);
  for (let block = 0; block < blocks.byteLength; block += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = blocks.getInt32(block + i * 4);
    compress(state);
  }
  return state;
}

const state = new Int32Array(8);

// Whether the digest and this number, as forty bytes, have a hash that begins with `bits` zero bits (32 at most).
export function fits(challenge, number, bits) {
  w.fill(0, 0, 16);
  w.set(challenge);
  w[8] = number / 2 ** 32;
  w[9] = number;
  w[10] = 1 << 31;
  w[15] = 40 * 8;
  state.set(START);
  compress(state);
  return Math.clz32(state[0]) >= bits;
}

// Begin to look for the number that goes into this hidden field. The start is random: whoever comes back to a form that
// was sent, and sends it for somebody else, needs another one.
function begin(field) {
  const of = (name) => field.form.elements[field.name.replace("proof", name)].value;
  const challenge = digest(`${of("made_at")}:${of("form_key")}`);
  const bits = Number(field.dataset.bits);
  if (field.value && fits(challenge, Number(field.value), bits)) return;
  field.value = "";
  let number = Math.floor(Math.random() * 2 ** 48);
  function turn() {
    const end = performance.now() + TURN;
    while (performance.now() < end) {
      for (let tries = 0; tries < 64; tries += 1, number += 1) {
        if (fits(challenge, number, bits)) {
          field.value = number;
          return;
        }
      }
    }
    setTimeout(turn);
  }
  setTimeout(turn);
}

for (const field of document.querySelectorAll("[data-bits]")) {
  field.form.addEventListener("focusin", () => begin(field), { once: true });
  if (field.form.contains(document.activeElement)) field.form.dispatchEvent(new Event("focusin"));
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted || !field.value) return;
    field.value = ""; // it was sent along, and counts once
    begin(field);
  });
}
