// TxMsg's pages: times in the reader's zone, actions with a dialog, parts that refresh themselves, charts.
(function () {
  'use strict';
  var byId = function (id) { return document.getElementById(id); };
  var texts = byId('txmsg-texts');
  if (!texts) return; // one of Hangfire's own pages
  var say = texts.dataset;
  var language = say.language;

  // ---- Times ----
  var two = function (number) { return String(number).padStart(2, '0'); };
  // The same form everywhere: an operator compares times with those of logs.
  function zoned(at) {
    return at.getFullYear() + '-' + two(at.getMonth() + 1) + '-' + two(at.getDate()) + ' ' + two(at.getHours()) + ':' + two(at.getMinutes()) + ':' + two(at.getSeconds());
  }
  function showTimes(root) {
    root.querySelectorAll('time[datetime]').forEach(function (element) {
      var at = new Date(element.dateTime);
      if (isNaN(at)) return;
      if (!element.title) element.title = element.textContent;
      element.textContent = zoned(at) + '.' + String(at.getMilliseconds()).padStart(3, '0');
    });
    root.querySelectorAll('input[data-utc]').forEach(function (input) {
      var at = input.dataset.value ? new Date(input.dataset.value) : null;
      if (at && !isNaN(at)) input.value = new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
      input.addEventListener('change', function () {
        input.form.elements[input.dataset.utc].value = input.value ? new Date(input.value).toISOString() : '';
      });
    });
  }

  // ---- Calls of the HTTP API ----
  // What a page asks by itself, not because somebody did something: it keeps no session alive, and is answered 401 when that has ended.
  var byItself = { 'X-TxMsg-Poll': '1' };
  function call(method, url, body, more) {
    var headers = Object.assign({ Accept: 'application/json' }, more);
    var header = document.querySelector('meta[name=csrf-header]'), token = document.querySelector('meta[name=csrf-token]');
    if (header && token) headers[header.content] = token.content;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return fetch(url, { method: method, headers: headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: 'same-origin', cache: 'no-store' })
      .catch(function () { throw new Error(say.unreachable); })
      .then(function (response) {
        return response.text().then(function (text) {
          var answer = null;
          try { answer = text ? JSON.parse(text) : null; } catch (error) { answer = null; }
          if (response.status === 401) throw signedOut();
          if (!response.ok) throw Object.assign(new Error(explain(response, answer)), { status: response.status });
          return answer;
        });
      });
  }
  // The session has ended: the page goes on showing what it has, and says so.
  function signedOut() {
    byId('txmsg-signed-out').hidden = false;
    var error = new Error(say.signedOut);
    error.isSignedOut = true;
    return error;
  }
  function upToDate(part) {
    part.removeAttribute('data-stale');
    byId('txmsg-signed-out').hidden = true;
  }
  function outOfDate(part, error) { part.dataset.stale = error.isSignedOut ? say.signedOutStale : error.isGone ? say.goneStale : say.stale; }
  // A problem says what is wrong, field by field.
  function explain(response, problem) {
    if (!problem) return say.failed + ' (' + response.status + ')';
    var fields = Object.keys(problem.errors || {}).map(function (field) { return field + ': ' + [].concat(problem.errors[field]).join(' '); });
    return [problem.title || say.failed, problem.detail].concat(fields).filter(Boolean).join('\n');
  }

  // ---- Actions ----
  var dialog = byId('txmsg-dialog');
  var part = function (name) { return dialog.querySelector(name); };
  var open = null; // the button whose action the dialog is about
  var counted = null; // how many that is, as the dialog shows it
  var isUnderWay = false; // whether its call is: the dialog stays until the answer, which may be a secret that is shown once
  function put(body, path, value) {
    var names = path.split('.'), last = names.pop();
    var target = names.reduce(function (object, name) { return object[name] = object[name] || {}; }, body);
    target[last] = value;
  }
  function selected() {
    return Array.from(document.querySelectorAll('input[data-select-row]:checked')).map(function (box) { return box.value; });
  }
  function bodyOf(button, reason) {
    var body = button.dataset.body ? JSON.parse(button.dataset.body) : {};
    if (button.dataset.selection) put(body, button.dataset.selection, selected());
    dialog.querySelectorAll('[data-field]').forEach(function (input) {
      if (input.value !== '') put(body, input.dataset.field, input.type === 'number' ? Number(input.value) : input.value);
    });
    if (button.dataset.sendsCount && counted) body.counted = counted;
    if (reason) body.reason = reason;
    return body;
  }
  function show(button) {
    open = button;
    counted = null;
    var data = button.dataset;
    part('#txmsg-dialog-title').textContent = button.textContent;
    var text = part('.txmsg-dialog-text');
    text.textContent = data.question.replace('{count}', '…'); // until it is known
    part('.txmsg-dialog-reason').hidden = data.reason === 'none';
    part('#txmsg-dialog-reason').value = '';
    part('#txmsg-dialog-reason').required = data.reason === 'required';
    var fields = part('.txmsg-dialog-fields');
    fields.replaceChildren();
    var template = data.fields && byId(data.fields);
    if (template) fields.append(template.content.cloneNode(true));
    fail('');
    part('.txmsg-dialog-answer').hidden = true;
    var confirm = part('[data-dialog=confirm]');
    confirm.textContent = button.textContent;
    confirm.className = 'btn ' + (button.classList.contains('btn-danger') ? 'btn-danger' : 'btn-primary');
    confirm.hidden = part('[data-dialog=cancel]').hidden = false;
    confirm.disabled = false;
    part('[data-dialog=close]').hidden = true;
    dialog.showModal();
    if (data.selection && selected().length === 0) { fail(say.noneSelected); confirm.disabled = true; return; }
    if (data.countCall) count(button);
    else if (data.selection) text.textContent = data.question.replace('{count}', selected().length.toLocaleString(language));
  }
  function count(button) {
    var confirm = part('[data-dialog=confirm]');
    counted = null;
    confirm.disabled = true;
    call('POST', button.dataset.countCall, bodyOf(button)).then(function (answer) {
      if (open !== button) return;
      counted = answer;
      part('.txmsg-dialog-text').textContent = button.dataset.question.replace('{count}', (answer.isExact === false ? '≥ ' : '') + answer.count.toLocaleString(language));
      confirm.disabled = answer.count === 0;
    }, function (error) { if (open === button) fail(error.message); });
  }
  function fail(message) {
    var box = part('.txmsg-dialog-error');
    box.textContent = message;
    box.hidden = !message;
  }
  function confirmed(event) {
    event.preventDefault();
    var button = open, confirm = part('[data-dialog=confirm]'), reason = part('#txmsg-dialog-reason').value.trim();
    if (button.dataset.reason === 'required' && !reason) { fail(say.reasonMissing); part('#txmsg-dialog-reason').focus(); return; }
    fail('');
    underWay(true);
    var method = button.dataset.method, url = button.dataset.call, body = bodyOf(button, reason);
    if (method === 'DELETE') { url += reason ? '?reason=' + encodeURIComponent(reason) : ''; body = undefined; }
    call(method, url, body).then(function (answer) {
      underWay(false);
      if (button.dataset.showsAnswer) answered(answer);
      else if (answer && answer.count === 0) nothingDone();
      else if (button.dataset.next) location.assign(button.dataset.next + (answer && answer.id ? encodeURIComponent(answer.id) : ''));
      else { dialog.close(); location.reload(); }
    }, function (error) {
      underWay(false);
      fail(error.message);
      if (error.status === 409 && button.dataset.sendsCount) count(button); // more than the dialog shows: the new number is to be confirmed
      else confirm.disabled = false;
    });
  }
  function underWay(is) {
    isUnderWay = is;
    dialog.setAttribute('aria-busy', is);
    part('[data-dialog=cancel]').disabled = is;
    if (is) part('[data-dialog=confirm]').disabled = true;
  }
  function answered(answer) {
    var box = part('.txmsg-dialog-answer');
    box.textContent = JSON.stringify(answer, null, 2);
    box.hidden = false;
    part('.txmsg-dialog-reason').hidden = part('[data-dialog=confirm]').hidden = part('[data-dialog=cancel]').hidden = true;
    part('[data-dialog=close]').hidden = false;
    part('[data-dialog=close]').focus();
  }
  // What it was about has gone another way since the page was read: that is no success.
  function nothingDone() {
    fail(say.nothingDone);
    part('[data-dialog=confirm]').hidden = part('[data-dialog=cancel]').hidden = true;
    part('[data-dialog=close]').hidden = false;
    part('[data-dialog=close]').focus();
  }
  document.addEventListener('click', function (event) {
    var button = event.target.closest('button[data-call]');
    if (button) show(button);
  });
  dialog.querySelector('form').addEventListener('submit', confirmed);
  part('[data-dialog=cancel]').addEventListener('click', function () { dialog.close(); });
  part('[data-dialog=close]').addEventListener('click', function () { dialog.close(); location.reload(); });
  dialog.addEventListener('close', function () {
    if (isUnderWay) { dialog.showModal(); return; } // by the escape key
    if (open) open.focus();
    open = null;
  });

  // ---- Selections ----
  document.addEventListener('change', function (event) {
    if (event.target.matches('input[data-select-all]'))
      document.querySelectorAll('input[data-select-row]').forEach(function (box) { box.checked = event.target.checked; });
  });

  // ---- Pages that the script asks for by itself ----
  function get(url) {
    return fetch(url, { credentials: 'same-origin', headers: Object.assign({ Accept: 'text/html' }, byItself), cache: 'no-store' })
      .then(function (response) {
        if (response.status === 401) throw signedOut();
        if (!response.ok) throw Object.assign(new Error(response.status), { isGone: response.status === 404 });
        return response.text();
      })
      .then(function (text) { return new DOMParser().parseFromString(text, 'text/html'); });
  }

  // Parts of one page that are due together share a read.
  var reading = null;
  function getAgain() {
    var done = function () { reading = null; };
    if (!reading) { reading = get(location.href); reading.then(done, done); }
    return reading;
  }

  // ---- Parts that refresh themselves: each has an id and says after how many seconds ----
  // Text that is being marked, to be copied, would be lost; nothing else that a reader does keeps the numbers from going on.
  function isInUse(part) {
    var selection = getSelection();
    return dialog.open || part.querySelector('input:checked') || (selection.type === 'Range' && selection.containsNode(part, true));
  }
  // The state of what the page is about stands behind the title.
  function showTitle(page) {
    var title = byId('page-title'), fresh = page.getElementById('page-title').cloneNode(true);
    if (!title.isEqualNode(fresh)) title.replaceChildren.apply(title, Array.from(fresh.childNodes));
  }
  function refresh(part, seconds) {
    setTimeout(function () {
      if (document.hidden || isInUse(part)) { refresh(part, seconds); return; }
      getAgain()
        .then(function (page) {
          var fresh = page.getElementById(part.id);
          if (!fresh) throw new Error('the page has no such part any more');
          if (isInUse(part)) { refresh(part, seconds); return; } // by now
          showTimes(fresh);
          txmsgKeepPlace(part, Array.from(fresh.childNodes));
          showTitle(page);
          upToDate(part);
          if (fresh.dataset.refresh) refresh(part, Number(fresh.dataset.refresh)); // a part that has come to its end asks no more
        })
        .catch(function (error) { outOfDate(part, error); refresh(part, seconds * 2 > 60 ? 60 : seconds * 2); });
    }, seconds * 1000);
  }

  // ---- Searches that go on by themselves: each answer is bounded, so a rare find takes several ----
  var enough = 50;
  function goOn(found) {
    var told = found.querySelector('[data-searched-to]');
    if (!told) return;
    var stop = told.querySelector('[data-stop-searching]'), stopped = false;
    stop.hidden = false;
    stop.addEventListener('click', function () { stopped = true; stop.hidden = true; });
    get(told.querySelector('a[rel=next]').href).then(function (page) {
      var fresh = page.getElementById('found');
      if (!fresh || stopped) return;
      var rows = found.querySelector('tbody'), more = fresh.querySelectorAll('tbody > tr');
      showTimes(fresh);
      if (!rows) found.replaceChildren.apply(found, Array.from(fresh.childNodes));
      else {
        rows.append.apply(rows, Array.from(more));
        told.remove();
        found.querySelectorAll('.txmsg-pages').forEach(function (pages) { pages.remove(); });
        fresh.querySelectorAll('[data-searched-to], .txmsg-pages').forEach(function (part) { found.append(part); });
      }
      if (found.querySelectorAll('tbody > tr').length < enough) goOn(found);
    }, function (error) { stop.hidden = true; told.dataset.stale = error.message; });
  }

  // ---- Charts ----
  var css = function (name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); };
  function draw(holder) {
    return call('GET', holder.dataset.chart, undefined, byItself).then(function (answer) {
      var series = JSON.parse(holder.dataset.series); // [{name, label, colour}]
      var points = answer.points.slice(0, -1); // the last step is not over: it would look like a fall
      var data = [points.map(function (point) { return Date.parse(point.at) / 1000; })]
        .concat(series.map(function (one) { return points.map(function (point) { var value = point[one.name]; return value === undefined ? null : value; }); }));
      if (holder.plot) { holder.plot.setData(data); return; }
      holder.plot = new uPlot({
        width: holder.clientWidth, height: 200, legend: { live: true },
        series: [{ value: function (plot, value) { return value === null ? '' : zoned(new Date(value * 1000)); } }].concat(series.map(function (one) {
          return { label: one.label, stroke: css('--txmsg-' + one.colour), width: 2, spanGaps: false };
        })),
        axes: [{ stroke: css('--txmsg-text'), grid: { stroke: css('--txmsg-line'), width: 1 }, values: [[86400, '{YYYY}-{MM}-{DD}'], [3600, '{HH}:{mm}'], [60, '{HH}:{mm}'], [1, '{HH}:{mm}:{ss}']].map(function (row) { return [row[0], row[1], null, null, null, null, null, null, 1]; }) },
               { stroke: css('--txmsg-text'), grid: { stroke: css('--txmsg-line'), width: 1 }, size: 60 }]
      }, data, holder);
      holder.dataset.drawn = 'yes';
      new ResizeObserver(function () { holder.plot.setSize({ width: holder.clientWidth, height: 200 }); }).observe(holder);
    });
  }
  function keepDrawing(holder) {
    draw(holder).then(function () { upToDate(holder); }, function (error) { outOfDate(holder, error); }).then(function () {
      setTimeout(function again() { if (document.hidden) setTimeout(again, 1000); else keepDrawing(holder); }, (holder.dataset.refresh || 10) * 1000);
    });
  }

  // ---- Start ----
  var toggle = document.querySelector('.navbar-toggle');
  if (toggle) toggle.setAttribute('aria-label', say.navigation);
  showTimes(document);
  document.querySelectorAll('[data-refresh][id]:not([data-chart])').forEach(function (part) { refresh(part, Number(part.dataset.refresh)); });
  document.querySelectorAll('[data-chart]').forEach(keepDrawing);
  if (byId('found')) goOn(byId('found'));
  document.documentElement.dataset.ready = 'yes';
})();
