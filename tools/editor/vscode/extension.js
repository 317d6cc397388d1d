/**
 * The VS Code extension: starts `msc lsp`, and shows the IR of a Python line in a read-only document beside it. The IR's
 * text and the ways between it and the source come from the server's command `msc.showIr`.
 */
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

const SCHEME = 'msc-ir';
const STAGES = ['source', 'graph', 'fused', 'tile', 'scheduled'];

/** @type {LanguageClient | undefined} */
let client;

/** Answers of the server by the address of the document that shows them. */
const shown = new Map();
const changed = new vscode.EventEmitter();

exports.activate = async function activate(context) {
  const [command, ...args] = vscode.workspace.getConfiguration('msc').get('command', ['msc']);
  client = new LanguageClient(
    'msc',
    'msc',
    { command, args: [...args, 'lsp'] },
    {
      documentSelector: [{ scheme: 'file', language: 'python' }, { language: 'msc-mlir' }, { pattern: '**/*.mlir' }],
      synchronize: { configurationSection: 'msc' },
    },
  );
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => shown.get(uri.toString())?.text ?? '',
    }),
    vscode.commands.registerTextEditorCommand('msc.openIr', openIr),
    vscode.commands.registerTextEditorCommand('msc.openSource', openSource),
  );
  await client.start();
};

exports.deactivate = () => client?.stop();

/** Asks for a stage, then shows its text with the operations of the line selected. */
async function openIr(editor) {
  const stage = await vscode.window.showQuickPick(STAGES, { title: 'Stage of the IR' });
  if (stage === undefined) return;
  const source = editor.document.uri;
  const line = editor.selection.active.line;
  try {
    const answer = await client.sendRequest('workspace/executeCommand', {
      command: 'msc.showIr',
      arguments: [{ uri: client.code2ProtocolConverter.asUri(source), line, stage }],
    });
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `${source.path}.${stage}.mlir` });
    shown.set(uri.toString(), answer);
    changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    const view = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
    view.selections = selectionsOf(answer.ranges);
    if (answer.ranges.length > 0) view.revealRange(asRange(answer.ranges[0]), vscode.TextEditorRevealType.InCenter);
  } catch (error) {
    await vscode.window.showErrorMessage(`msc: ${error.message}`);
  }
}

/** Goes from an operation of a shown IR to the line that made it. */
async function openSource(editor) {
  const position = editor.selection.active;
  const { origins = [] } = shown.get(editor.document.uri.toString()) ?? {};
  const found = origins.find(({ range }) => asRange(range).contains(position));
  if (found === undefined) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(found.origin.uri));
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.One,
    selection: asRange(found.origin.range),
  });
}

const asRange = ({ start, end }) => new vscode.Range(start.line, start.character, end.line, end.character);

const selectionsOf = (ranges) =>
  ranges.length === 0
    ? [new vscode.Selection(0, 0, 0, 0)]
    : ranges.map(({ start, end }) => new vscode.Selection(start.line, start.character, end.line, end.character));
