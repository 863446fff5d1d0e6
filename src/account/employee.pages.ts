import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { PersonalVisit } from '../pages/visit.ts';
import type { Employee } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { formatCvr } from '../shared/text.ts';
import { statusBox } from '../status/status.pages.ts';

/** The front page of somebody whom SEB has no user for; how to join, where the organisation is not in SEB either. */
export function employeePage({ services, signedIn }: PersonalVisit, employee: Employee): Page {
  const { organisation, cvr } = employee;
  if (organisation === null) return notInSebPage({ services }, employee);
  return page('account/employee', 'Velkommen til SEB', {
    name: fullName(employee),
    organisation: `${organisation.name}, CVR ${formatCvr(cvr)}`,
    signedInBy: signedIn.providerName,
    status: statusBox(services.status.current(), new Date()),
  });
}

/** No organisation of the CVR is in SEB: what it takes to join. */
export function notInSebPage({ services }: Pick<PersonalVisit, 'services'>, employee: Employee): Page {
  return page('account/not-in-seb', 'Din organisation er ikke i SEB', {
    name: fullName(employee),
    organisation: `${employee.organisationName}, CVR ${formatCvr(employee.cvr)}`,
    blankForm: `${services.origins.sebadmin}/autorisationsblanket`,
    contact: services.contact,
  });
}
