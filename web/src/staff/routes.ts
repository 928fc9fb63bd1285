// Which address below /staff shows which page.
import type { Component } from 'svelte';
import type { PageJournal } from '../journal/page';
import type { Route } from '../router';
import AgendaPage from './agenda/AgendaPage.svelte';
import ConsultationPage from './consultation/ConsultationPage.svelte';
import IncidentsPage from './incidents/IncidentsPage.svelte';
import PatientPage from './patients/PatientPage.svelte';
import PatientsPage from './patients/PatientsPage.svelte';
import SettingsPage from './settings/SettingsPage.svelte';
import SetupPage from './setup/SetupPage.svelte';

export interface StaffPageProps {
  params: Readonly<Record<string, string>>;
  page: PageJournal;
}

// A page without parameters takes no properties; all are handed the same.
function route(pattern: string, page: Component<StaffPageProps> | Component): Route<Component<StaffPageProps>> {
  return { pattern, page: page as Component<StaffPageProps> };
}

export const staffRoutes = [
  route('/', AgendaPage),
  route('/patients', PatientsPage),
  route('/patients/:id', PatientPage),
  route('/consultations/:id', ConsultationPage),
  route('/practice', SetupPage),
  route('/incidents', IncidentsPage),
  route('/settings', SettingsPage),
  route('/settings/:agenda', SettingsPage),
];
