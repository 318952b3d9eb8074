/* The sums of one partner's budget while one types. Whole numbers only; the server's sums decide. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-budget]");
  if (!form) { return; }
  const given = form.dataset;
  const language = document.documentElement.lang || "en";
  const locale = language === "ar" ? "ar-MA-u-nu-latn" : language;
  const direct = ["subcontracting", "travel", "equipment", "goods"];

  /* Hundredths of what was typed, as the server reads it; null where it is no number */
  function read(text) {
    let bare = text.replace(/[\s'’_٬]/g, "").replace(/٫/g, ",");
    bare = bare.replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660);
    if (!bare) { return 0n; }
    bare = bare.replace(/(?<=\d)[.,]$/, "");
    for (const [sign, other] of [[".", ","], [",", "."]]) {
      const whole = bare.split(other)[0];
      const parts = whole.split(sign);
      if (parts.length < 2 || !/^[1-9]\d{0,2}$/.test(parts[0]) || parts.slice(1).some((one) => !/^\d{3}$/.test(one))) { continue; }
      if (bare.split(sign).length === 2 && !bare.includes(other) && sign !== given.thousand) { return null; }
      bare = bare.split(sign).join("");
      break;
    }
    const found = /^(\d*)(?:[.,](\d{1,2})0*)?$/.exec(bare);
    if (!found) { return null; }
    return BigInt(`${found[1] || "0"}${(found[2] || "").padEnd(2, "0")}`);
  }

  const typed = (name) => { const field = form.elements.namedItem(name); return field ? field.value : ""; };
  const halfUp = (above, below) => (2n * above + below) / (2n * below);

  function tell(hundredths) {
    const amount = Number(hundredths) / 100;
    const digits = Number.isInteger(amount) ? 0 : 2;
    return amount.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  function show(name, hundredths) {
    const place = form.querySelector(`output[data-sum="${name}"]`);
    if (place) { place.value = hundredths === null ? "–" : tell(hundredths); }
  }

  function cell(number, rate, overhead) {
    const months = read(typed(`months_${number}`));
    const sums = direct.map((name) => read(typed(`${name}_${number}`)));
    if (months === null || rate === null || sums.includes(null)) { return null; }
    const people = halfUp(months * rate, 100n);
    const [subcontracting, ...others] = sums;
    const base = others.reduce((all, one) => all + one, people);
    const indirect = halfUp(base * overhead, 10000n);
    return { months, people, indirect, total: base + subcontracting + indirect };
  }

  function request(total) {
    const said = typed("request").trim();
    if (said) { return read(said); }
    if ("unpaid" in given) { return 0n; }
    const percent = typed("percent").trim();
    /* What the call gives has four decimals */
    const [whole, rest] = given.given.split(".");
    const parts = percent ? read(percent) : BigInt(whole + (rest || "").padEnd(4, "0").slice(0, 4));
    return parts === null ? null : total * parts / (percent ? 10000n : 1000000n);
  }

  function update() {
    const rate = read(typed("rate")), overhead = read(given.overhead.replace(".", ","));
    const sums = { months: 0n, people: 0n, indirect: 0n, total: 0n };
    let isKnown = true;
    for (const place of form.querySelectorAll("tbody output[data-sum]")) {
      const one = cell(place.dataset.sum, rate, overhead);
      show(place.dataset.sum, one && one.total);
      if (!one) { isKnown = false; continue; }
      for (const name of Object.keys(sums)) { sums[name] += one[name]; }
    }
    for (const [name, sum] of Object.entries(sums)) { show(name, isKnown ? sum : null); }
    const asked = isKnown ? request(sums.total) : null;
    show("request", asked);
    show("own", asked === null ? null : sums.total - asked);
  }

  form.addEventListener("input", update);
  update();
})();
