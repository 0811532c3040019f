// The telephone of a member: small helpers. Words come from the page, so that these files speak no language.
// Plain scripts of ES2018, in this order: base, vault, store, photos, sync, strip, sheet, forms, hand, cards, kept, sitting, queue.
(function () {
  "use strict";
  var doc = document;
  var holder = doc.getElementById("words");
  doc.documentElement.classList.add("js");
  // The page that asks nobody who he is knows whose turn it was last.
  function lastHere() {
    try { return JSON.parse(window.localStorage.getItem("phone-accounts") || "[]").pop() || ""; } catch (refused) { return ""; }
  }

  var Phone = (window.Phone = {
    words: holder ? holder.dataset : {},
    account: doc.body.dataset.account || (doc.body.dataset.page === "kept" ? lastHere() : ""),
    host: doc.body.dataset.host || "",
    understood: doc.body.dataset.understood || "",
    page: doc.body.dataset.page || "",
    WEEK: 7 * 24 * 3600 * 1000,
    now: function () { return Date.now(); },
    say: function (name, facts) {
      var text = Phone.words[name] || "";
      Object.keys(facts || {}).forEach(function (key) { text = text.replace("[" + key + "]", facts[key]); });
      return text;
    },
    clock: function (when) {
      var time = new Date(when);
      var two = function (n) { return ("0" + n).slice(-2); };
      var day = new Date().toDateString() === time.toDateString() ? "" : two(time.getMonth() + 1) + "-" + two(time.getDate()) + " ";
      return day + two(time.getHours()) + ":" + two(time.getMinutes());
    },
    day: function (time) {
      return time.getFullYear() + "-" + ("0" + (time.getMonth() + 1)).slice(-2) + "-" + ("0" + time.getDate()).slice(-2);
    },
    uuid: function () {
      if (window.crypto && window.crypto.randomUUID) return window.crypto.randomUUID();
      var bytes = window.crypto.getRandomValues(new Uint8Array(16));
      bytes[6] = (bytes[6] & 15) | 64;
      bytes[8] = (bytes[8] & 63) | 128;
      var hex = Array.from(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
    },
    each: function (selector, act, root) { Array.prototype.forEach.call((root || doc).querySelectorAll(selector), act); },
    on: function (event, selector, act) {
      doc.addEventListener(event, function (happened) {
        var found = happened.target.closest && happened.target.closest(selector);
        if (found) act(found, happened);
      });
    },
    make: function (tag, css, text) {
      var made = doc.createElement(tag);
      if (css) made.className = css;
      if (text) made.textContent = text;
      return made;
    },
    ask: function (title, text, yes, no) {
      return new Promise(function (answer) {
        var dialog = doc.getElementById("confirm");
        if (!dialog || !dialog.showModal) { answer(window.confirm(title + "\n" + text)); return; }
        doc.getElementById("confirm-title").textContent = title;
        doc.getElementById("confirm-text").textContent = text;
        doc.getElementById("confirm-yes").textContent = yes;
        doc.getElementById("confirm-no").textContent = no;
        dialog.returnValue = "no";
        dialog.onclose = function () { answer(dialog.returnValue === "yes"); };
        dialog.showModal();
      });
    },
    tell: function (name, detail) { doc.dispatchEvent(new CustomEvent("phone:" + name, { detail: detail })); },
    hear: function (name, act) { doc.addEventListener("phone:" + name, function (event) { act(event.detail); }); },
    local: function (act) { try { return act(window.localStorage); } catch (refused) { return null; } },
    hasWorker: Boolean(navigator.serviceWorker),
  });

  doc.addEventListener("click", function (event) {
    Phone.each("details.js-menu[open]", function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });
  Phone.on("click", ".js-dismiss", function (button) { button.closest(".zb-toast").remove(); });
  Phone.each(".zb-toast", function (card) { setTimeout(function () { card.remove(); }, 8000); });
})();
