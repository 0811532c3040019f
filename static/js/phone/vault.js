// What lies on the telephone is closed with a key that the server gives to its owner only (AES-GCM).
// The key stays here, unreadable for scripts, for a week at most and until somebody else signs in;
// what is closed stays, and opens again for its owner. Without a secure connection browsers have no such lock:
// then things lie open, as docs/decisions/0016-phone.md says.
(function () {
  "use strict";
  var subtle = window.crypto && window.crypto.subtle;
  var key = null;
  var encoder = new TextEncoder();
  var decoder = new TextDecoder();

  function shelf(mode, act) {
    return new Promise(function (done) {
      var asked;
      try { asked = window.indexedDB.open("phone-keys", 1); } catch (refused) { done(null); return; }
      asked.onupgradeneeded = function () { asked.result.createObjectStore("keys"); };
      asked.onerror = function () { done(null); };
      asked.onsuccess = function () {
        var base = asked.result;
        var work = base.transaction("keys", mode);
        var request = act(work.objectStore("keys"));
        work.oncomplete = function () { base.close(); done(request ? request.result : null); };
        work.onerror = work.onabort = function () { base.close(); done(null); };
      };
    });
  }

  Phone.vault = {
    locks: Boolean(subtle && window.indexedDB),
    // The key that was left here for this account, if it is no older than a week; true while it needs no renewing.
    wake: function () {
      if (!Phone.vault.locks) return Promise.resolve(true);
      return shelf("readonly", function (keys) { return keys.get(Phone.account); }).then(function (kept) {
        var age = kept ? Phone.now() - kept.at : Infinity;
        if (age < Phone.WEEK) key = kept.key;
        return age < Phone.WEEK / 14;
      });
    },
    // The server's key for this account; other people's keys go.
    receive: function (text) {
      if (!Phone.vault.locks || !text) return Promise.resolve(false);
      var bytes = Uint8Array.from(window.atob(text), function (sign) { return sign.charCodeAt(0); });
      return subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]).then(function (made) {
        key = made;
        return shelf("readwrite", function (keys) {
          keys.clear();
          return keys.put({ key: made, at: Phone.now() }, Phone.account);
        });
      }).then(function () { return true; });
    },
    // Somebody else is here: keys that are not his go.
    leave: function (account) {
      key = null;
      if (!Phone.vault.locks) return Promise.resolve();
      return shelf("readwrite", function (keys) {
        var all = keys.getAllKeys();
        all.onsuccess = function () { all.result.forEach(function (one) { if (one !== account) keys.delete(one); }); };
      });
    },
    forget: function () {
      key = null;
      return Phone.vault.locks ? shelf("readwrite", function (keys) { return keys.delete(Phone.account); }) : Promise.resolve();
    },
    close: function (thing) {
      // Without its key a record is rather kept open than not at all; it is closed as soon as the key is there.
      if (!Phone.vault.locks || !key) return Promise.resolve({ open: thing });
      var isBytes = thing instanceof ArrayBuffer;
      var iv = window.crypto.getRandomValues(new Uint8Array(12));
      return subtle.encrypt({ name: "AES-GCM", iv: iv }, key, isBytes ? thing : encoder.encode(JSON.stringify(thing)))
        .then(function (data) { return { iv: iv, data: data, bytes: isBytes }; });
    },
    open: function (box) {
      if (!box) return Promise.resolve(null);
      if ("open" in box) return Promise.resolve(box.open);
      if (!key) return Promise.reject(new Error("locked"));
      return subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data)
        .then(function (data) { return box.bytes ? data : JSON.parse(decoder.decode(data)); });
    },
  };
})();
