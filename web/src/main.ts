// The start: words first, then the session, then the page. Nothing is drawn in a language that is
// about to change.
import './tokens.css';
import { mount } from 'svelte';
import App from './app/App.svelte';
import { routes } from './app/routes';
import { session } from './app/session.svelte';
import { location, startNavigation } from './navigation.svelte';
import { matchRoute } from './router';
import { startWords } from './words/words.svelte';

startNavigation();
// Asked for at once, beside the words: the shell asks again and finds it on its way.
void matchRoute(routes, location.path)?.page.load();
void session.refresh();
await startWords();
mount(App, { target: document.getElementById('app')! });
