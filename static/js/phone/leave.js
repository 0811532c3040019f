// On the pages of the desk: signing out asks first when the telephone's pages of this account hold something that was
// not sent; and whoever signs in after somebody else finds nothing of him among the kept pages.
(function () {
  "use strict";
  var account = document.body.dataset.phoneAccount;
  if (!account || !window.indexedDB) return;

  // Records that were not sent, drafts, and photos that still follow a record: as the telephone's own pages count them.
  function rest() {
    return new Promise(function (done) {
      var asked = window.indexedDB.open("phone-" + account);
      asked.onupgradeneeded = function () { asked.transaction.abort(); }; // there is none: make none
      asked.onerror = function () { done(0); };
      asked.onsuccess = function () {
        var base = asked.result;
        if (!base.objectStoreNames.contains("queue")) { base.close(); done(0); return; }
        var work = base.transaction(["queue", "drafts", "photos"]);
        var found = {};
        ["queue", "drafts", "photos"].forEach(function (store) {
          work.objectStore(store).getAll().onsuccess = function (event) { found[store] = event.target.result; };
        });
        work.oncomplete = function () {
          base.close();
          var follow = {};
          found.photos.forEach(function (photo) { follow[photo.parent] = true; });
          done(found.queue.filter(function (row) { return row.state !== "done" || follow[row.id]; }).length + found.drafts.length);
        };
        work.onerror = work.onabort = function () { base.close(); done(0); };
      };
    });
  }
  function neighbours() {
    try {
      return JSON.parse(window.localStorage.getItem("phone-accounts") || "[]").filter(function (one) { return one !== account; });
    } catch (refused) { return []; }
  }
  function empty() {
    var work = [new Promise(function (done) {
      var asked = window.indexedDB.deleteDatabase("phone-" + account);
      asked.onsuccess = asked.onerror = asked.onblocked = done;
    })];
    if (window.caches) work.push(window.caches.delete("phone-mine"));
    try {
      Object.keys(window.localStorage).forEach(function (key) {
        if (key.indexOf("phone:" + account) === 0 || key.indexOf("zb:") === 0) window.localStorage.removeItem(key);
      });
      if (neighbours().length) window.localStorage.setItem("phone-accounts", JSON.stringify(neighbours()));
      else window.localStorage.removeItem("phone-accounts");
    } catch (refused) { /* nothing is kept there */ }
    return Promise.all(work);
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches(".js-leave") || form.dataset.asked) return;
    event.preventDefault();
    event.stopPropagation();
    rest().then(function (left) {
      var words = document.getElementById("leave-words");
      if (left && !window.confirm(words.dataset.ask.replace("[n]", left))) return;
      empty().then(function () {
        // Others have left something on this machine: the server must not have the browser forget everything.
        if (neighbours().length) {
          var field = document.createElement("input");
          field.type = "hidden";
          field.name = "emptied";
          field.value = "1";
          form.appendChild(field);
        }
        form.dataset.asked = "yes";
        if (form.requestSubmit) form.requestSubmit(); else form.submit();
      });
    });
  }, true);

  // Keys to what others have left here: whoever signs in at the desk opens nothing of them either.
  function dropKeysOfOthers() {
    var asked = window.indexedDB.open("phone-keys");
    asked.onupgradeneeded = function () { asked.transaction.abort(); }; // there is none: make none
    asked.onerror = function () {};
    asked.onsuccess = function () {
      var base = asked.result;
      if (!base.objectStoreNames.contains("keys")) { base.close(); return; }
      var work = base.transaction("keys", "readwrite");
      var keys = work.objectStore("keys");
      keys.getAllKeys().onsuccess = function (event) {
        event.target.result.forEach(function (one) { if (one !== account) keys.delete(one); });
      };
      work.oncomplete = work.onerror = work.onabort = function () { base.close(); };
    };
  }
  dropKeysOfOthers();

  if (window.caches) {
    window.caches.match("/m/owner", { cacheName: "phone-mine" }).then(function (found) { return found && found.text(); }).then(function (owner) {
      if (owner && owner !== account) return window.caches.delete("phone-mine");
    }).catch(function () {});
  }
})();
