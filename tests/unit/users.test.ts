import { describe, expect, it } from 'vitest';
import { filterFields, readFilter, readListQuery } from '../../src/users/user-list.ts';
import { changedFields, usernameLetters } from '../../src/users/user.ts';
import type { UserInput } from '../../src/users/user.ts';
import { createUserForm, editUserForm, ownDetailsForm } from '../../src/users/users.forms.ts';
import { parseForm } from '../../src/http/forms.ts';

const input: UserInput = {
  firstName: 'Åse',
  lastName: 'Østergård',
  email: 'aase@region.example',
  rid: '0012ab',
  address: null,
  postcode: null,
  city: null,
  phone: null,
  remark: null,
};

it('tells exactly the fields that differ', () => {
  expect(changedFields(input, { ...input })).toEqual({});
  expect(changedFields(input, { ...input, lastName: 'Ærø', phone: '44 22 80 75' })).toEqual({
    lastName: { from: 'Østergård', to: 'Ærø' },
    phone: { from: null, to: '44 22 80 75' },
  });
});

it.each([
  ['Åse', 'Østergård', 'asos'],
  ['Æ', 'Ø', 'aeo'],
  ['Żaneta', 'Łukasz', 'zauk'],
  ['王', '芳', 'xx'],
  ["O'Neil", 'd’Arc', 'onda'],
])('makes the letters of a username of %s %s: %s', (firstName, lastName, letters) => {
  expect(usernameLetters(firstName, lastName)).toBe(letters);
  expect(letters).toMatch(/^[a-z]{2,8}$/);
});

describe('a list’s address', () => {
  it('leaves out what it does not mean', () => {
    expect(
      readFilter({
        status: 'slettet',
        administrator: '__proto__',
        service: '1; drop table',
        soeg: ' \u0000 a\u202eb ',
      }),
    ).toEqual({
      search: 'a b',
      status: null,
      administrator: null,
      serviceId: null,
      withoutRoles: false,
    });
    expect(readListQuery({ sorter: 'password', fra: 'x'.repeat(5000), faldende: 'ja' })).toMatchObject({
      sort: { by: 'efternavn', descending: false },
      cursor: null,
      isLastPage: false,
    });
  });

  it('means users without roles by a word in the place of a service', () => {
    const filter = readFilter({ service: 'ingen' });
    expect(filter).toMatchObject({ serviceId: null, withoutRoles: true });
    expect(filterFields(filter)).toEqual([['service', 'ingen']]);
  });

  it('cuts a long search', () => {
    expect(readFilter({ soeg: 'å'.repeat(5000) }).search).toHaveLength(100);
  });
});

describe('the forms of a user', () => {
  const typed = { firstName: ' Åse ', lastName: 'Østergård', email: 'aase@region.example', rid: '0012ab' };

  it('trim, compose and keep leading zeros', () => {
    const parsed = parseForm(createUserForm, { ...typed, firstName: ' A\u030ase ' });
    expect(parsed).toMatchObject({ ok: true, value: { firstName: 'Åse', rid: '0012ab', phone: null } });
  });

  it('drop every field that they do not have', () => {
    const parsed = parseForm(createUserForm, {
      ...typed,
      id: '1',
      organisationId: '2',
      isAdmin: '1',
      locked: '1',
      version: '7',
      username: 'root1000',
    });
    expect(parsed.ok && Object.keys(parsed.value).toSorted()).toEqual([
      'address',
      'city',
      'email',
      'firstName',
      'lastName',
      'phone',
      'postcode',
      'remark',
      'rid',
    ]);
    const own = parseForm(ownDetailsForm, { ...typed, version: '1', remark: 'x' });
    expect(own.ok && Object.keys(own.value).toSorted()).toEqual([
      'address',
      'city',
      'email',
      'phone',
      'postcode',
      'version',
    ]);
  });

  it.each([
    ['postcode', '800', 'Skriv postnummeret med fire cifre'],
    ['phone', 'ring til mig', 'Skriv telefonnummeret'],
    ['email', 'aase', 'Skriv e-mailadressen som'],
    ['rid', '', 'Skriv RID-nummer'],
    ['remark', 'x'.repeat(2001), 'højst fylde 2.000 tegn'],
  ])('refuse %s %s in words', (field, value, message) => {
    const parsed = parseForm(createUserForm, { ...typed, [field]: value });
    expect(parsed).toMatchObject({ ok: false, errors: { [field]: expect.stringContaining(message) } });
  });

  it.each(['', 'x', '-1', '1.5', '99999999999', '2147483648'])('refuse the version %s', (version) => {
    expect(parseForm(editUserForm, { ...typed, version }).ok).toBe(false);
  });
});
