// Puts new content into a part of a page. A click into a table gives it the focus, and a narrow window scrolls it sideways: both stay as they were.
window.txmsgKeepPlace = function (part, content) {
  'use strict';
  function name(element) { return [element.tagName, element.getAttribute('href'), element.getAttribute('aria-label'), element.dataset.call, element.dataset.body].join(' '); }
  function namesakes(element) { return Array.from(part.querySelectorAll(element.tagName)).filter(function (other) { return name(other) === name(element); }); }
  var focused = part.contains(document.activeElement) ? document.activeElement : null;
  var kept = Array.from(part.querySelectorAll('[role=region]')).concat(focused || []).map(function (element) {
    return { old: element, place: namesakes(element).indexOf(element), left: element.scrollLeft };
  });
  part.replaceChildren.apply(part, content);
  kept.forEach(function (one) {
    var element = namesakes(one.old)[one.place];
    if (!element) return;
    element.scrollLeft = one.left;
    if (one.old === focused) element.focus({ preventScroll: true });
  });
};
