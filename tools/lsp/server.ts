/**
 * The language server: the protocol's messages to the two languages. No message ends it: what goes wrong inside becomes
 * an entry of the log and an empty answer.
 */
import type { Connection, InitializeParams, InitializeResult, ServerCapabilities } from 'vscode-languageserver';
import {
  DidChangeConfigurationNotification,
  DidChangeWorkspaceFoldersNotification,
  ErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { version } from '../msc/version.ts';
import type { CheckEnd, Checker } from './check/checker.ts';
import type { IrAnswer } from './check/job.ts';
import { CheckScheduler } from './check/scheduler.ts';
import { Documents, type OpenDocument } from './documents.ts';
import { completionTriggers } from './ir/completion.ts';
import { IrLanguage } from './ir-language.ts';
import { pathOfUri } from './positions.ts';
import { PythonLanguage } from './python-language.ts';
import { answerQuestions } from './questions.ts';
import { defaultSettings, readSettings, recordOf, type Settings, textOf } from './settings.ts';

/** The command that gives the IR of a Python file; spec/editor.md tells its argument and answer. */
export const SHOW_IR = 'msc.showIr';

export interface ServerOptions {
  readonly checker: Checker;
  /** Milliseconds of quiet before IR text is read again, and before Python is checked. */
  readonly quiet: { readonly text: number; readonly check: number };
}

const capabilities: ServerCapabilities = {
  positionEncoding: 'utf-16',
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  documentFormattingProvider: true,
  renameProvider: { prepareProvider: true },
  completionProvider: { triggerCharacters: [...completionTriggers], resolveProvider: true },
  inlayHintProvider: true,
  executeCommandProvider: { commands: [SHOW_IR] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

export class Server {
  readonly #connection: Connection;
  readonly #options: ServerOptions;
  readonly #documents = new Documents();
  readonly #scheduler: CheckScheduler;
  readonly #ir: IrLanguage;
  readonly #python: PythonLanguage;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #phase: 'new' | 'ready' | 'ended' = 'new';
  #settings: Settings = defaultSettings;
  #folders: readonly string[] = [];
  #client = { canConfigure: false, canRefreshHints: false, canWatchConfiguration: false };

  constructor(connection: Connection, options: ServerOptions) {
    this.#connection = connection;
    this.#options = options;
    const settings = () => this.#settings;
    const folders = () => this.#folders;
    this.#ir = new IrLanguage(settings, folders);
    this.#python = new PythonLanguage({ documents: this.#documents, settings, folders });
    this.#scheduler = new CheckScheduler({
      checker: options.checker,
      quiet: options.quiet.check,
      jobFor: (path) => {
        const opened = this.#documents.byPath(path);
        return opened === null ? null : this.#python.job(opened);
      },
      timeLimit: () => this.#settings.timeLimit * 1000,
      traced: (path, flows) => {
        this.#python.traced(path, flows);
        this.#refreshHints();
      },
      finished: (path, end) => this.#guard(undefined, () => this.#checked(path, end)),
    });
    this.#listen();
  }

  /** Ends timers and the checking thread. */
  async close(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await this.#scheduler.close();
  }

  #log(message: string): void {
    this.#connection.console.error(message);
  }

  /** A bug of msc becomes an entry of the log; refusals meant for the user pass. */
  #guard<Answer>(otherwise: Answer, run: () => Answer): Answer {
    try {
      return run();
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      this.#log(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return otherwise;
    }
  }

  #listen(): void {
    this.#listenToLife();
    this.#listenToDocuments();
    answerQuestions(this.#connection, {
      documents: this.#documents,
      ir: this.#ir,
      python: this.#python,
      guard: (otherwise, run) => this.#guard(otherwise, run),
      expectReady: () => this.#expectReady(),
    });
    this.#connection.onExecuteCommand(({ command, arguments: list }) =>
      command === SHOW_IR ? this.#showIr(recordOf(list?.[0])) : null,
    );
  }

  #listenToLife(): void {
    const connection = this.#connection;
    connection.onInitialize((parameters) => this.#initialize(parameters));
    connection.onInitialized(() => void this.#configure());
    connection.onDidChangeConfiguration(({ settings }) => {
      if (this.#client.canConfigure) void this.#configure();
      else this.#use(readSettings(settings));
    });
    connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) => {
      const gone = new Set(removed.map(({ uri }) => pathOfUri(uri)));
      const paths = added.map(({ uri }) => pathOfUri(uri)).filter((path) => path !== null);
      this.#folders = [...this.#folders.filter((path) => !gone.has(path)), ...paths];
    });
    connection.onShutdown(() => {
      this.#phase = 'ended';
      return this.close();
    });
  }

  #initialize({
    capabilities: client,
    workspaceFolders,
    rootUri,
    initializationOptions,
  }: InitializeParams): InitializeResult {
    this.#phase = 'ready';
    this.#client = {
      canConfigure: client.workspace?.configuration === true,
      canRefreshHints: client.workspace?.inlayHint?.refreshSupport === true,
      canWatchConfiguration: client.workspace?.didChangeConfiguration?.dynamicRegistration === true,
    };
    const uris = workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
    this.#folders = uris.map(pathOfUri).filter((path) => path !== null);
    this.#settings = readSettings(initializationOptions);
    return { capabilities, serverInfo: { name: 'msc', version } };
  }

  /** Asks the client for its settings, where it can tell them. */
  async #configure(): Promise<void> {
    const connection = this.#connection;
    try {
      if (this.#client.canWatchConfiguration) await connection.client.register(DidChangeConfigurationNotification.type);
      if (this.#client.canConfigure) this.#use(readSettings(await connection.workspace.getConfiguration('msc')));
    } catch (error) {
      this.#log(`the client's settings are not known: ${String(error)}`);
    }
  }

  #use(settings: Settings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    for (const opened of this.#documents.all()) this.#changed(opened);
  }

  #listenToDocuments(): void {
    const connection = this.#connection;
    connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version: number, text } }) =>
      this.#guard(undefined, () => this.#changed(this.#documents.open(uri, languageId, number, text))),
    );
    connection.onDidChangeTextDocument(({ textDocument: { uri, version: number }, contentChanges }) =>
      this.#guard(undefined, () => {
        const opened = this.#documents.change(uri, number, contentChanges);
        if (opened !== null) this.#changed(opened);
      }),
    );
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => this.#guard(undefined, () => this.#closed(uri)));
  }

  #changed(opened: OpenDocument): void {
    const { language, path, document } = opened;
    if (language === 'other') return;
    this.#later(document.uri, language === 'ir' ? this.#options.quiet.text : 0);
    if (language !== 'python' || path === null) return;
    const roots = this.#documents
      .all()
      .flatMap((one) => (one.language === 'python' && one.path !== null ? [one.path] : []));
    this.#scheduler.touch(path, roots);
  }

  #closed(uri: string): void {
    const closed = this.#documents.close(uri);
    if (closed === null) return;
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    if (closed.path === null) return;
    this.#scheduler.forget(closed.path);
    this.#publishFiles(this.#python.forget(closed.path));
  }

  /** Tells the diagnostics of a document once it was quiet for a while. */
  #later(uri: string, milliseconds: number): void {
    clearTimeout(this.#timers.get(uri));
    const timer = setTimeout(() => {
      this.#timers.delete(uri);
      this.#publish(uri);
    }, milliseconds);
    this.#timers.set(uri, timer);
  }

  #publish(uri: string): void {
    const opened = this.#documents.get(uri);
    if (opened === null) return;
    const diagnostics = this.#guard([], () =>
      opened.language === 'ir' ? this.#ir.diagnostics(opened) : this.#python.diagnostics(opened),
    );
    void this.#connection.sendDiagnostics({ uri, version: opened.document.version, diagnostics });
  }

  #publishFiles(paths: readonly string[]): void {
    for (const path of paths) {
      const opened = this.#documents.byPath(path);
      if (opened !== null) this.#publish(opened.document.uri);
    }
  }

  #checked(path: string, end: CheckEnd): void {
    if (end.kind === 'died') this.#log(`the check of ${path} ended: ${end.message}`);
    if (end.kind === 'done') this.#logOutcome(path, end.outcome);
    this.#publishFiles(this.#python.checked(path, end));
    this.#refreshHints();
  }

  #refreshHints(): void {
    if (this.#client.canRefreshHints) this.#connection.languages.inlayHint.refresh().catch(() => undefined);
  }

  #logOutcome(path: string, { printed, crash }: Extract<CheckEnd, { kind: 'done' }>['outcome']): void {
    if (printed !== '') this.#connection.console.log(`${path} printed:\n${printed}`);
    if (crash !== null) this.#log(`internal error while ${path} was checked: ${crash}`);
  }

  /** The protocol's refusals of requests outside of the life of a server. */
  #expectReady(): void {
    if (this.#phase === 'new') throw new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first');
    if (this.#phase === 'ended') throw refusal('the server was shut down');
  }

  /** `{uri, line?, stage?, locations?}`: the IR of an open Python file at a stage. */
  async #showIr(request: Readonly<Record<string, unknown>>): Promise<IrAnswer> {
    this.#expectReady();
    const opened = this.#documents.get(textOf(request['uri']));
    if (opened?.language !== 'python') throw refusal('msc.showIr takes the address of an open Python file');
    const stage = textOf(request['stage']) || 'source';
    const { isModuleStage } = await import('../msc/pipeline.ts'); // with all passes behind it, which nothing else here needs
    if (!isModuleStage(stage)) throw refusal(`'${stage}' is no stage`);
    const { line } = request;
    const wanted = { line: typeof line === 'number' ? line : null, locations: request['locations'] === true };
    const job = this.#python.job(opened, wanted, stage);
    if (job === null) throw refusal('the file has syntax errors');
    const end = await this.#scheduler.ask(job);
    if (end.kind !== 'done') throw refusal(`the IR was not made: ${end.kind === 'died' ? end.message : end.kind}`);
    this.#logOutcome(job.file, end.outcome);
    const { ir, diagnostics } = end.outcome;
    if (ir !== null) return ir;
    const [first] = diagnostics.flatMap((file) => file.diagnostics);
    throw refusal(`the IR was not made: ${first?.message ?? 'see the log'}`);
  }
}

const refusal = (message: string): ResponseError<void> => new ResponseError(ErrorCodes.InvalidRequest, message);
