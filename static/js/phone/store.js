// One database for each account on this telephone: what waits to be sent, photos, drafts.
// Without IndexedDB it is localStorage (no photos then). Nothing here is ever sent or dropped by itself.
(function () {
  "use strict";
  var STORES = ["queue", "photos", "drafts", "meta"];
  var name = "phone-" + Phone.account;

  // ---- Two shelves with the same four verbs ----

  function database() {
    var opened = null;
    var gone = false; // signed out: nothing that is still under way makes it anew
    function open() {
      if (gone) return Promise.reject(new Error("signed out"));
      if (opened) return opened;
      opened = new Promise(function (done, failed) {
        var asked = window.indexedDB.open(name, 1);
        asked.onupgradeneeded = function () {
          STORES.forEach(function (store) { asked.result.createObjectStore(store, { keyPath: "id" }); });
        };
        asked.onerror = function () { failed(asked.error); };
        asked.onblocked = function () { failed(new Error("blocked")); };
        asked.onsuccess = function () {
          asked.result.onversionchange = function () { asked.result.close(); opened = null; };
          done(asked.result);
        };
      });
      return opened;
    }
    function run(store, mode, act) {
      return open().then(function (base) {
        return new Promise(function (done, failed) {
          var work = base.transaction(store, mode);
          var request;
          work.oncomplete = function () { done(request ? request.result : undefined); };
          work.onabort = work.onerror = function () { failed(work.error || (request && request.error)); };
          try { request = act(work.objectStore(store)); } catch (refused) { work.abort(); failed(refused); }
        });
      });
    }
    return {
      kind: "database",
      put: function (store, row) { return run(store, "readwrite", function (rows) { return rows.put(row); }); },
      get: function (store, id) { return run(store, "readonly", function (rows) { return rows.get(id); }); },
      all: function (store) { return run(store, "readonly", function (rows) { return rows.getAll(); }); },
      drop: function (store, id) { return run(store, "readwrite", function (rows) { return rows.delete(id); }); },
      empty: function () {
        return open().then(function (base) { base.close(); opened = null; gone = true; }, function () {}).then(function () {
          return new Promise(function (done) {
            var asked = window.indexedDB.deleteDatabase(name);
            asked.onsuccess = asked.onerror = asked.onblocked = function () { done(); };
          });
        });
      },
      try: open,
    };
  }

  function plain() {
    var prefix = "phone:" + Phone.account + ":";
    function full(refused) { throw refused; }
    return {
      kind: "plain",
      put: function (store, row) {
        if (store === "photos") return Promise.reject(new Error("no photos"));
        try { window.localStorage.setItem(prefix + store + ":" + row.id, JSON.stringify(row)); } catch (refused) { return Promise.reject(refused).catch(full); }
        return Promise.resolve();
      },
      get: function (store, id) { return Promise.resolve(JSON.parse(window.localStorage.getItem(prefix + store + ":" + id) || "null")); },
      all: function (store) {
        var start = prefix + store + ":";
        return Promise.resolve(Object.keys(window.localStorage).filter(function (key) { return key.indexOf(start) === 0; })
          .map(function (key) { return JSON.parse(window.localStorage.getItem(key)); }));
      },
      drop: function (store, id) { window.localStorage.removeItem(prefix + store + ":" + id); return Promise.resolve(); },
      empty: function () {
        Object.keys(window.localStorage).forEach(function (key) { if (key.indexOf(prefix) === 0) window.localStorage.removeItem(key); });
        return Promise.resolve();
      },
      try: function () { return Promise.resolve(); },
    };
  }

  var shelf = null;
  function ready() {
    if (!shelf) {
      shelf = (window.indexedDB ? Promise.resolve().then(function () { var base = database(); return base.try().then(function () { return base; }); }) : Promise.reject())
        .catch(function () { Phone.vault.locks = false; return plain(); });
    }
    return shelf;
  }

  // ---- What is closed and what may be read without the key: number, order, state ----

  var OPEN = ["id", "seq", "kind", "state", "tries", "next", "parent", "at"];
  function outside(row) {
    var kept = {};
    OPEN.forEach(function (field) { if (row[field] !== undefined) kept[field] = row[field]; });
    return kept;
  }
  function save(store, row) {
    var inside = {};
    Object.keys(row).forEach(function (field) { if (OPEN.indexOf(field) < 0) inside[field] = row[field]; });
    return Promise.all([ready(), Phone.vault.close(inside)]).then(function (both) {
      return both[0].put(store, Object.assign(outside(row), { box: both[1] }));
    });
  }
  function unpack(row) {
    if (!row) return Promise.resolve(null);
    return Phone.vault.open(row.box).then(
      function (inside) { return Object.assign({}, inside, outside(row)); },
      function () { return Object.assign(outside(row), { locked: true }); }
    );
  }
  function load(store, id) { return ready().then(function (base) { return base.get(store, id); }).then(unpack); }
  function list(store) {
    return ready().then(function (base) { return base.all(store); })
      .then(function (rows) { return Promise.all(rows.map(unpack)); });
  }
  function drop(store, id) { return ready().then(function (base) { return base.drop(store, id); }); }

  Phone.store = {
    ready: ready,
    kind: function () { return ready().then(function (base) { return base.kind; }); },
    // The queue, in the order in which it was written.
    entries: function () {
      return list("queue").then(function (rows) { return rows.sort(function (a, b) { return a.seq - b.seq; }); });
    },
    // A place behind all that stand there, also when the clock of the telephone was put back meanwhile.
    behind: function () {
      return Phone.store.entries().then(function (rows) { return rows.length ? Math.max(Phone.now(), rows[rows.length - 1].seq + 1) : Phone.now(); });
    },
    entry: function (id) { return load("queue", id); },
    keep: function (entry) {
      return save("queue", entry).then(function () { Phone.tell("changed"); return entry; });
    },
    dropEntry: function (id) {
      return Phone.store.photosOf(id).then(function (photos) {
        return Promise.all(photos.map(function (photo) { return drop("photos", photo.id); }));
      }).then(function () { return drop("queue", id); }).then(function () { Phone.tell("changed"); });
    },
    // A photo lies apart from its record, so that text goes first and a full telephone loses the photo only.
    keepPhoto: function (photo, bytes) {
      return Promise.all([ready(), Phone.vault.close(bytes), Phone.vault.close({ name: photo.name, type: photo.type, caption: photo.caption || "" })])
        .then(function (got) { return got[0].put("photos", Object.assign(outside(photo), { bytes: got[1], box: got[2] })); });
    },
    photosOf: function (parent) {
      return list("photos").then(function (rows) {
        return rows.filter(function (row) { return !parent || row.parent === parent; }).sort(function (a, b) { return a.seq - b.seq; });
      });
    },
    photoBytes: function (id) {
      return ready().then(function (base) { return base.get("photos", id); }).then(function (row) { return row ? Phone.vault.open(row.bytes) : null; });
    },
    markPhoto: function (id, changes) {
      return ready().then(function (base) {
        return base.get("photos", id).then(function (row) { return row && base.put("photos", Object.assign(row, changes)); });
      });
    },
    dropPhoto: function (id) { return drop("photos", id); },
    drafts: function () { return list("drafts").then(function (rows) { return rows.sort(function (a, b) { return b.at - a.at; }); }); },
    draft: function (id) { return load("drafts", id); },
    keepDraft: function (draft) { return save("drafts", draft); },
    dropDraft: function (id) { return drop("drafts", id); },
    note: function (id, value) { return ready().then(function (base) { return base.put("meta", { id: id, value: value }); }); },
    noted: function (id) { return ready().then(function (base) { return base.get("meta", id); }).then(function (row) { return row ? row.value : null; }); },
    // Signing out: nothing of this account stays on the telephone.
    empty: function () {
      Phone.local(function (box) {
        Object.keys(box).forEach(function (key) {
          if (key.indexOf("phone:" + Phone.account) === 0) box.removeItem(key);
        });
      });
      return ready().then(function (base) { return base.empty(); });
    },
    isFull: function (error) { return Boolean(error) && (error.name === "QuotaExceededError" || error.code === 22); },
    room: function () {
      if (!navigator.storage || !navigator.storage.estimate) return Promise.resolve(null);
      return navigator.storage.estimate().then(function (facts) { return facts.quota - facts.usage; }, function () { return null; });
    },
  };
})();
