// The start: words first, then the session, then the page. Nothing is drawn in a language that is
// about to change.
import './tokens.css';
import { mount } from 'svelte';
import App from './app/App.svelte';
import { session } from './app/session.svelte';
import { startNavigation } from './navigation.svelte';
import { startWords } from './words/words.svelte';

startNavigation();
void session.refresh();
await startWords();
mount(App, { target: document.getElementById('app')! });
