// Pages open again without a network: decision 18
navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
