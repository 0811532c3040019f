// Words chosen in the minutes go into the form of the remark; without this file they are copied by hand.
(function () {
  "use strict";

  var KEY = "zb:remark";
  function store(act) {
    try { return act(window.sessionStorage); } catch (refused) { return null; }
  }

  // ---- On the text: choose words, then «add one» ----

  var paper = document.querySelector(".js-paper[data-minutes]");
  var link = document.querySelector(".js-remark");
  if (paper && link) {
    link.addEventListener("click", function () {
      var chosen = window.getSelection();
      var words = chosen ? chosen.toString().trim() : "";
      var from = chosen && chosen.anchorNode && (chosen.anchorNode.parentElement || chosen.anchorNode);
      var row = from && from.closest && from.closest(".js-paper [id^='line-']");
      store(function (kept) {
        kept.removeItem(KEY);
        if (!row || !words || words.indexOf("\n") >= 0) return;
        kept.setItem(KEY, JSON.stringify({ minutes: paper.dataset.minutes, line: row.id.slice(5), quote: words.slice(0, 500) }));
      });
    });
    // A click takes the choice away before it is read, unless it is caught here.
    link.addEventListener("mousedown", function (event) { event.preventDefault(); });
  }

  // ---- In the form: the words stand there already ----

  var quote = document.getElementById("id_quote");
  var line = document.getElementById("id_line_number");
  if (!quote || !line || quote.value) return;
  var kept = store(function (place) { var found = place.getItem(KEY); place.removeItem(KEY); return found; });
  if (!kept) return;
  var chosen = JSON.parse(kept);
  if (window.location.pathname.indexOf(chosen.minutes) < 0) return;
  quote.value = chosen.quote;
  line.value = chosen.line;
})();
