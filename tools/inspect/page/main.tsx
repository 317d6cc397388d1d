/** The page's start. */
import { render } from 'preact';
import { App } from './shell/app.tsx';
import { loadReport } from './shell/load.ts';
import { startRoute } from './shell/route.ts';
import { startOverlays } from './shell/overlay.ts';
import { startServed } from './shell/served.tsx';
import { report } from './shell/state.ts';
import { startTheme } from './shell/theme.ts';
import './page.css';

const loaded = await loadReport(document);
report.value = loaded;
startTheme();
startRoute();
startOverlays();
startServed(document);
const root = document.querySelector('#app');
if (root !== null) render(<App report={loaded} />, root);
