/**
 * Makes the pages better and is needed for nothing: a chosen entry sends its form, digests get a button that copies them,
 * what is closed is opened on paper, and a page that waits for something looks again.
 */
export const SCRIPT_TEXT = `'use strict';
for (const select of document.querySelectorAll('select[data-eager]'))
  select.addEventListener('change', () => select.form.requestSubmit());

if (navigator.clipboard)
  for (const value of document.querySelectorAll('.whole[data-copy]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', 'Copy ' + value.dataset.copy.slice(0, 17));
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(value.dataset.copy);
        button.textContent = 'Copied';
      } catch {
        button.textContent = 'Not copied';
      }
    });
    value.after(button);
  }

addEventListener('beforeprint', () => {
  for (const closed of document.querySelectorAll('details:not([open])')) {
    closed.open = true;
    closed.dataset.opened = '';
  }
});
addEventListener('afterprint', () => {
  for (const opened of document.querySelectorAll('details[data-opened]')) {
    opened.open = false;
    delete opened.dataset.opened;
  }
});

const wait = Number(document.querySelector('main').dataset.refresh) * 1000;
const again = async () => {
  try {
    const answer = await fetch(location.href, { credentials: 'same-origin' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [before, after] = [document, page].map((d) => d.querySelector('[data-live]'));
    if (!before || !after || !page.querySelector('main[data-refresh]')) return location.reload();
    if (before.textContent !== after.textContent) before.replaceWith(document.adoptNode(after));
    setTimeout(again, wait);
  } catch {
    setTimeout(again, wait * 2);
  }
};
if (wait > 0) setTimeout(again, wait);
`;
