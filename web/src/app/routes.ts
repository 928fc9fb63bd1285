// Which address shows which page. Each is loaded when it is visited, and its neighbours come with it.
import type { Component } from 'svelte';
import type { Route } from '../router';

export type PageComponent = Component<{ params: Readonly<Record<string, string>> }>;

export interface PageEntry {
  /** The staff's pages bring a shell of their own and take the whole window. */
  shell: 'patient' | 'staff';
  load: () => Promise<{ default: PageComponent }>;
}

// Most pages take no parameters and declare none; the shell hands them to all alike.
type AnyPage = Promise<{ default: PageComponent | Component }>;

function page(shell: PageEntry['shell'], pattern: string, load: () => AnyPage): Route<PageEntry> {
  return { pattern, page: { shell, load: load as PageEntry['load'] } };
}
const patient = (pattern: string, load: () => AnyPage) => page('patient', pattern, load);

export const routes: readonly Route<PageEntry>[] = [
  patient('/', () => import('../patient/Home.svelte')),
  patient('/search', () => import('../patient/Results.svelte')),
  patient('/practitioners/:id', () => import('../patient/PractitionerPage.svelte')),
  patient('/organisations/:id', () => import('../patient/OrganisationPage.svelte')),
  patient('/booking', () => import('../patient/booking/Booking.svelte')),
  patient('/appointments', () => import('../patient/Appointments.svelte')),
  patient('/appointments/:id', () => import('../patient/AppointmentPage.svelte')),
  patient('/appointments/:id/move', () => import('../patient/MoveAppointment.svelte')),
  patient('/family', () => import('../patient/Family.svelte')),
  patient('/readers', () => import('../patient/Readers.svelte')),
  patient('/sign-in', () => import('../sign-in/SignIn.svelte')),
  patient('/accounts/new', () => import('../sign-in/NewAccount.svelte')),
  patient('/password', () => import('../sign-in/ForgottenPassword.svelte')),
  patient('/security', () => import('../sign-in/Security.svelte')),
  patient('/exploitation', () => import('../incident/OperationPage.svelte')),
  patient('/demonstration/mailbox', () => import('../patient/Mailbox.svelte')),
  page('staff', '/staff/*', () => import('../staff/Staff.svelte')),
];
