/** The page's start. */
import { render } from 'preact';
import { App } from './shell/app.tsx';
import { loadReport } from './shell/load.ts';
import { report } from './shell/state.ts';
import { startTheme } from './shell/theme.ts';
import './page.css';

const loaded = await loadReport(document);
report.value = loaded;
startTheme();
const root = document.querySelector('#app');
if (root !== null) render(<App report={loaded} />, root);
