import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { Visit } from '../pages/visit.ts';
import { danishDay } from '../shared/dates.ts';
import { formatNumber } from '../shared/text.ts';
import { organisationLine } from '../users/users.pages.ts';
import { barChart, largest, lineChart } from './charts.ts';
import type { DayFigure, LoginAges, ServiceFigure } from './figures.queries.ts';
import { reports } from './registry.ts';
import type { Report } from './report.ts';
import { reportGroups } from './report.ts';
import type { ReportView } from './report-view.ts';
import { reportsPath } from './reports.pages.ts';

export type Figures = { days: DayFigure[]; services: ServiceFigure[]; ages: LoginAges | null };

/** Rapporter: all of them in their groups, one's own views, and the picture of the organisation (or of all). */
export function reportsFrontPage(
  visit: Visit,
  may: (report: Report) => boolean,
  views: ReportView[],
  figures: Figures,
): Page {
  const organisation = visit.addressed;
  const path = (rest: string): string => reportsPath(organisation, rest);
  const shown = reports.filter(
    (report) => (report.reach === 'organisation') === (organisation !== null) && may(report),
  );
  const model = {
    line: organisation === null ? 'Alle organisationer' : organisationLine(organisation),
    groups: reportGroups
      .map((title) => ({
        title,
        reports: shown.filter(({ group }) => group === title).map((report) => reportLine(report, path)),
      }))
      .filter((group) => group.reports.length > 0),
    views: views.map((view) => ({
      name: view.name,
      report: reports.find(({ id }) => id === view.reportId)?.title ?? '',
      href: `${path(`/${view.reportId}`)}?${view.choice}`,
      edit: path(`/visninger/${view.id}`),
    })),
    pictures: figures.days.length === 0 ? null : picturesOf(figures),
  };
  return page('reports/index', 'Rapporter', model, [home]);
}

function reportLine({ id, title, description }: Report, path: (rest: string) => string): object {
  return { title, description, href: path(`/${id}`) };
}

function picturesOf({ days, services, ages }: Figures): object {
  const day = days.at(-1)?.day ?? '';
  const bars = services.map(({ name, users }) => ({ label: name, value: users }));
  const steps = ages === null ? [] : agesOf(ages);
  return {
    countedOn: danishDay(day),
    lines: [
      lineChart(
        'Brugere det seneste år',
        days.map((one) => ({ day: one.day, value: one.users })),
      ),
      lineChart(
        'Rolletildelinger det seneste år',
        days.map((one) => ({ day: one.day, value: one.assignments })),
      ),
    ],
    days: days.toReversed().map((one) => ({
      day: danishDay(one.day),
      users: formatNumber(one.users),
      assignments: formatNumber(one.assignments),
    })),
    services: {
      chart: barChart('Brugere pr. service', largest(bars, 12, 'Andre services')),
      rows: services.map(({ name, users, assignments }) => ({
        name,
        users: formatNumber(users),
        assignments: formatNumber(assignments),
      })),
    },
    ages: {
      chart: barChart('Brugere efter seneste login', steps),
      rows: steps.map(({ label, value }) => ({ label, value: formatNumber(value) })),
    },
  };
}

function agesOf({
  within30,
  within90,
  within180,
  within365,
  longer,
  never,
}: LoginAges): { label: string; value: number }[] {
  return [
    { label: 'Under 30 dage siden', value: within30 },
    { label: '30–89 dage siden', value: within90 },
    { label: '90–179 dage siden', value: within180 },
    { label: '180–364 dage siden', value: within365 },
    { label: 'Et år eller mere siden', value: longer },
    { label: 'Aldrig', value: never },
  ];
}
