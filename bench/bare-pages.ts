export type BareRow = Record<string, unknown>;
export type PageKind = 'list' | 'user';

/** The inside of the measured pages as template literals; the frame around it is one person's and does not change. */
export const barePages: Record<PageKind, (results: BareRow[][]) => string> = { list, user };

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

function html(value: unknown): string {
  const text = typeof value === 'string' ? value : String((value as number | null | undefined) ?? '');
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (found) => escapes[found] ?? found) : text;
}

/** The result that has such a column: pages may ask their questions in any order. */
function resultWith(results: BareRow[][], column: string): BareRow[] {
  return results.find((rows) => rows[0] !== undefined && column in rows[0]) ?? [];
}

function list(results: BareRow[][]): string {
  const rows = resultWith(results, 'roleCount').slice(0, 50);
  const services = resultWith(results, 'code');
  const count = Number(resultWith(results, 'count')[0]?.count ?? 0);
  const path = '/organisationer/12345678/brugere';
  const cursor = Buffer.from(JSON.stringify(['after', rows.at(-1)?.lastName, rows.at(-1)?.id])).toString('base64url');
  const many = count.toLocaleString('da-DK');
  return `<h1>Brugeroversigt</h1>
<p class="font-lead">Region Måling, CVR 12 34 56 78</p>
<form class="seb-filter" role="search" method="get" action="${path}" aria-label="Søg efter brugere">
  <div class="form-group"><label class="form-label" for="soeg">Søgning</label>
    <span class="form-hint" id="soeg-hjaelp">Navn, e-mail, RID eller brugernavn. Ved tom tekst vises alle.</span>
    <input class="form-input" type="search" id="soeg" name="soeg" value="" aria-describedby="soeg-hjaelp"></div>
  <div class="form-group"><label class="form-label" for="status">Status</label>
    <select class="form-select" id="status" name="status"><option value="">Alle</option><option value="aktiv">Aktiv</option><option value="spaerret">Spærret</option></select></div>
  <div class="form-group"><label class="form-label" for="administrator">Administrator</label>
    <select class="form-select" id="administrator" name="administrator"><option value="">Alle brugere</option><option value="alle">Alle administratorer</option><option value="organisation">Organisationsadministrator</option><option value="bruger">Brugeradministrator</option><option value="read-only">Read-only administrator</option></select></div>
  <div class="form-group"><label class="form-label" for="service">Roller</label>
    <select class="form-select" id="service" name="service"><option value="">Alle brugere</option><option value="ingen">Uden roller</option><optgroup label="Har rolle i">
${services.map((service) => `      <option value="${html(service.id)}">${html(service.name)}</option>\n`).join('')}    </optgroup></select></div>
  <div class="seb-filter-buttons"><button class="button button-primary" type="submit">Søg</button></div>
</form>
<form method="get" action="/organisationer/12345678/tildel-roller" class="seb-list" data-select-all>
<a class="seb-skip" href="#valgte">Gå til knapperne under tabellen</a>
<p class="d-none"><span id="h1">Rediger</span> <span id="h2">Klon</span> <span id="h3">Spær</span> <span id="h4">Lås op</span> <span id="h5">Slet</span> <span id="h6">Roller</span> </p>
<div class="table--responsive-scroll" tabindex="0" role="region" aria-label="Brugere">
<table class="table table--zebra table--compact seb-users">
<caption class="sr-only">Brugere i Region Måling</caption>
<thead><tr><th scope="col" class="seb-tick"><span class="sr-only">Vælg</span></th>${['Fornavn', 'Efternavn', 'E-mail'].map((label) => `<th scope="col" aria-sort="none"><a href="${path}?sorter=${label}">${label}<span class="sr-only">, sorter stigende</span></a></th>`).join('')}
<th scope="col" class="seb-rid">RID</th><th scope="col">Status</th><th scope="col">Roller</th><th scope="col" class="seb-date">Sidst logget på</th><th scope="col" class="seb-actions">Handlinger</th></tr></thead>
<tbody>
${rows.map(listRow).join('')}</tbody>
</table>
</div>
<div class="seb-pager"><p aria-live="polite">Side 1 af ${Math.ceil(count / 50).toLocaleString('da-DK')} (${many} brugere)</p>
<nav aria-label="Sider"><ul><li><a href="${path}?fra=${cursor}" rel="next">Næste</a></li><li><a href="${path}?sidste=1">Sidste</a></li></ul></nav></div>
<div class="seb-bulk" id="valgte" tabindex="-1"><div class="form-group-checkbox"><input class="form-checkbox" type="checkbox" id="alle" name="alle" value="1"><label for="alle">Vælg alle, der passer til søgningen (${many} brugere)</label></div>
  <p class="seb-muted" data-selected-count hidden></p>
  <button class="button button-primary" type="submit">Tildel roller</button> <a class="button button-secondary" href="${path}/opret">Opret bruger</a></div>
</form>
`;
}

const rowActions = [
  ['h1', 'Rediger', 'rediger'],
  ['h2', 'Klon', 'klon'],
  ['h3', 'Spær', 'spaer'],
  ['h5', 'Slet', 'slet'],
  ['h6', 'Roller', 'roller'],
];

function listRow(row: BareRow): string {
  const id = html(row.id);
  const status = row.isLocked === true ? '<span class="badge badge-warning">Spærret</span>' : 'Aktiv';
  const administrator =
    row.administratorKind === null
      ? ''
      : ` <span class="badge seb-admin-${html(row.administratorKind)}">${html(row.administratorKind)}</span>`;
  const actions = rowActions.map(
    ([word, label, end]) => `<a href="brugere/${id}/${end}" aria-labelledby="${word} n${id}">${label}</a>`,
  );
  return `<tr${row.isLocked === true ? ' class="seb-locked"' : ''}><td><input type="checkbox" id="b${id}" name="bruger" value="${id}" aria-labelledby="n${id}"></td><td>${html(row.firstName)}</td><td><a id="n${id}" href="brugere/${id}" aria-label="${html(row.firstName)} ${html(row.lastName)}">${html(row.lastName)}</a></td><td>${html(row.email)}</td><td>${html(row.rid)}</td><td>${status}${administrator}</td><td>${html(row.roleCount)}</td><td>${html(row.lastLogin ?? 'Aldrig')}</td><td>${actions.join(' | ')}</td></tr>
`;
}

function user(results: BareRow[][]): string {
  const [found = {}] = resultWith(results, 'username');
  const fact = (label: string, value: unknown): string =>
    `  <div><dt>${label}</dt><dd>${html(value ?? '–')}</dd></div>\n`;
  const path = `/organisationer/12345678/brugere/${html(found.id)}`;
  return `<h1>${html(found.firstName)} ${html(found.lastName)}</h1>
<p class="font-lead">Region Måling, CVR 12 34 56 78</p>
<div class="seb-buttons">
<a class="button button-primary" href="/organisationer/12345678/tildel-roller?bruger=${html(found.id)}">Tildel roller</a>
<a class="button button-secondary" href="${path}/rediger">Rediger</a>
<a class="button button-secondary" href="${path}/roller">Rediger brugerroller</a>
<a class="button button-secondary" href="${path}/log">Ændringslog</a>
</div>
<h2 class="h3 mt-6">Oplysninger</h2>
<dl class="seb-facts">
${fact('E-mailadresse', found.email)}${fact('RID-nummer', found.rid)}${fact('SEB-brugernavn', found.username)}${fact('UUID', found.uuid)}${fact('Status', found.isLocked === true ? 'Spærret' : 'Aktiv')}${fact('Adresse', found.address)}${fact('Postnr. og by', found.postcode)}${fact('Telefon', found.phone)}${fact('Bemærkning', found.remark)}${fact('Oprettet', found.createdOn)}${fact('Sidst logget på', found.lastLogin)}</dl>
<h2 class="h3 mt-6">Roller</h2>
<div class="table--responsive-scroll" tabindex="0" role="region" aria-label="Roller">
<table class="table table--zebra table--compact">
<caption class="sr-only">Roller</caption>
<thead><tr><th scope="col">Service</th><th scope="col">Rolle</th><th scope="col">Placering</th><th scope="col">Omfang</th><th scope="col">Periode</th></tr></thead>
<tbody>
${resultWith(results, 'roleCode').map(roleRow).join('')}</tbody>
</table>
</div>
`;
}

function roleRow(row: BareRow): string {
  const placement =
    row.sorCode === null ? 'Ikke relevant for rollen (0)' : `${html(row.unitName)} (${html(row.sorCode)})`;
  const wide = row.scope === 'UNIT_ONLY' ? 'Denne enhed' : 'Denne enhed og underenheder';
  const scope = row.sorCode === null ? '–' : wide;
  return `<tr><td>${html(row.serviceName)}</td><td>${html(row.roleName)}<br><span class="seb-code seb-muted">${html(row.roleCode)}</span></td><td>${placement}</td><td>${scope}</td><td>Fra ${html(row.validFrom)}</td></tr>
`;
}
