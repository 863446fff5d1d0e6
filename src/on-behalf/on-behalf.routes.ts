import type { Route } from '../pages/route.ts';
import { get, onBehalf, post } from '../pages/route.ts';
import { removeInPlaceOf, showDelete, showRoles, withdrawInPlaceOf } from './ending-access.ts';
import { createInPlaceOf, editOther, showChoice, showCreate, showEdit } from './user-data.ts';
import { lockInPlaceOf, showLock, showUnlock, unlockInPlaceOf } from './user-lock.ts';

const users = '/organisationer/:cvr/paa-vegne/brugere';
const manyFields = { fields: 1500, kilobytes: 200 };

/** The system owner's acts in an organisation's place: no ordinary right opens them, and they open no ordinary page. */
export const onBehalfRoutes: Route[] = [
  get(`${users}/opret`, 'user.create', showCreate),
  post(`${users}/opret`, 'user.create', createInPlaceOf),
  get(`${users}/:id`, 'user.edit', showChoice),
  get(`${users}/:id/rediger`, 'user.edit', showEdit),
  post(`${users}/:id/rediger`, 'user.edit', editOther),
  get(`${users}/:id/spaer`, 'user.lock', showLock),
  post(`${users}/:id/spaer`, 'user.lock', lockInPlaceOf),
  get(`${users}/:id/laas-op`, 'user.unlock', showUnlock),
  post(`${users}/:id/laas-op`, 'user.unlock', unlockInPlaceOf),
  get(`${users}/:id/slet`, 'user.delete', showDelete),
  post(`${users}/:id/slet`, 'user.delete', removeInPlaceOf),
  get(`${users}/:id/roller`, 'role.withdraw', showRoles),
  post(`${users}/:id/roller`, 'role.withdraw', withdrawInPlaceOf, manyFields),
].map(onBehalf);
