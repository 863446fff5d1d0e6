// Enhancement only: every page works without this file.
DKFDS.init();

for (const form of document.querySelectorAll('[data-select-all]')) keepSelectionInWords(form);
for (const select of document.querySelectorAll('[data-submit-on-change]')) submitWhenPicked(select);
for (const part of document.querySelectorAll('[data-only-with]')) showOnlyWith(part);
for (const input of document.querySelectorAll('[data-unit-search]')) suggestUnits(input);
for (const form of document.querySelectorAll('form[method="post"]')) sendOnce(form);
document.getElementById('fejl')?.focus();

/** Picking with the mouse leads on at once; arrow keys pass over every option on their way, so there the button does it. */
function submitWhenPicked(select) {
  let byKey = false;
  select.addEventListener('keydown', () => {
    byKey = true;
  });
  select.addEventListener('pointerdown', () => {
    byKey = false;
  });
  select.addEventListener('change', () => {
    if (!byKey) select.form.requestSubmit();
  });
}

/** "3 brugere valgt", read out as it changes; choosing all that match rests the single ticks. */
function keepSelectionInWords(form) {
  const count = form.querySelector('[data-selected-count]');
  const all = form.querySelector('input[name="alle"]');
  if (!count || !all) return;
  count.setAttribute('aria-live', 'polite');
  const update = () => {
    const ticked = form.querySelectorAll('input[name="bruger"]:checked').length;
    for (const box of form.querySelectorAll('input[name="bruger"]')) box.disabled = all.checked;
    count.hidden = false;
    count.textContent = all.checked
      ? 'Alle, der passer til søgningen, er valgt'
      : ticked === 0
        ? 'Ingen valgt'
        : ticked === 1
          ? '1 bruger valgt'
          : `${ticked} brugere valgt`;
  };
  form.addEventListener('change', update);
  update();
}

/** Fields that belong to one choice rest while another is made: neither seen nor sent. */
function showOnlyWith(part) {
  const choice = document.getElementById(part.dataset.onlyWith);
  const update = () => {
    part.hidden = !choice.checked;
    for (const input of part.querySelectorAll('input')) input.disabled = part.hidden;
  };
  choice.form.addEventListener('change', update);
  // Going back, the browser puts what was chosen back after this file has run.
  addEventListener('pageshow', update);
  update();
}

/** A second click while the first is on its way does nothing; the server would take it as the same anyway. */
function sendOnce(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent === 'yes') event.preventDefault();
    form.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => delete form.dataset.sent);
}

/** A combobox over the units of the organisation: type a name or a code, choose with arrows and Enter. */
function suggestUnits(input) {
  const list = document.createElement('ul');
  list.id = `${input.id}-forslag`;
  list.className = 'seb-suggestions';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'SOR-enheder');
  list.hidden = true;
  input.parentElement.append(list);
  for (const [name, value] of [
    ['role', 'combobox'],
    ['aria-autocomplete', 'list'],
    ['aria-expanded', 'false'],
    ['aria-controls', list.id],
  ])
    input.setAttribute(name, value);
  const shownName = input.closest('.form-group')?.querySelector('[data-unit-name]');
  let asked = 0;
  let timer;

  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (option) => {
    input.value = option.dataset.code;
    if (shownName) shownName.textContent = `${option.dataset.name} (${option.dataset.code})`;
    close();
  };
  const mark = (option) => {
    list.querySelector('[aria-selected="true"]')?.setAttribute('aria-selected', 'false');
    option.setAttribute('aria-selected', 'true');
    input.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  };
  const show = (units) => {
    list.replaceChildren(
      ...units.map((unit, index) => {
        const option = document.createElement('li');
        option.id = `${list.id}-${index}`;
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', 'false');
        option.dataset.code = unit.code;
        option.dataset.name = unit.name;
        option.textContent = `${unit.name} (${unit.code}), ${unit.entityType}`;
        option.addEventListener('mousedown', (event) => {
          event.preventDefault();
          choose(option);
        });
        return option;
      }),
    );
    list.hidden = units.length === 0;
    input.setAttribute('aria-expanded', String(units.length > 0));
  };
  const ask = async () => {
    const mine = ++asked;
    const text = input.value.trim();
    if (text.length < 2) return close();
    const answer = await fetch(`${input.dataset.unitSearch}?find=${encodeURIComponent(text)}`, {
      headers: { accept: 'application/json' },
    });
    if (mine !== asked || !answer.ok || !answer.headers.get('content-type')?.includes('json')) return;
    show((await answer.json()).units);
  };
  input.addEventListener('input', () => {
    if (shownName) shownName.textContent = '';
    clearTimeout(timer);
    timer = setTimeout(() => void ask().catch(close), 150);
  });
  input.addEventListener('keydown', (event) => {
    const options = [...list.children];
    const at = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
    if (event.key === 'Escape') close();
    if (list.hidden || options.length === 0) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      mark(options[(at + (event.key === 'ArrowDown' ? 1 : options.length - (at === -1 ? 0 : 1))) % options.length]);
    }
    if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      choose(options[at]);
    }
  });
  input.addEventListener('blur', close);
}
