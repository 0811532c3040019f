// On the page of signing in: who has left something on this telephone finds the way to it without signing in.
(function () {
  "use strict";
  var link = document.querySelector(".js-kept-link");
  try {
    if (link && JSON.parse(window.localStorage.getItem("phone-accounts") || "[]").length) link.hidden = false;
  } catch (refused) { /* nothing is kept there */ }
})();
