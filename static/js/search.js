// what is suggested
addEventListener("focusin", ({ target: { dataset: d } }) => d.suggest && import(d.suggest));
