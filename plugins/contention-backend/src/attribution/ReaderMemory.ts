/** What the framework answered for each reader, remembered briefly: a page asks the same again with every call. */
import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';

const REMEMBER_MS = 30_000;
const MAX_READERS = 1_000;

interface Known<Answer> {
  untilMs: number;
  answers: Map<string, Answer>;
}

export class ReaderMemory<Answer> {
  private readonly byReader = new Map<string, Known<Answer>>();

  constructor(
    private readonly auth: AuthService,
    private readonly now: () => number = Date.now,
  ) {}

  /** What is known of a reader, by what was asked; to be added to. */
  of(credentials: BackstageCredentials): Map<string, Answer> {
    const reader = this.readerOf(credentials);
    const nowMs = this.now();
    const known = this.byReader.get(reader);
    if (known && known.untilMs > nowMs) return known.answers;
    if (this.byReader.size >= MAX_READERS) this.byReader.clear();
    const answers = new Map<string, Answer>();
    this.byReader.set(reader, { untilMs: nowMs + REMEMBER_MS, answers });
    return answers;
  }

  private readerOf(credentials: BackstageCredentials): string {
    const { auth } = this;
    if (auth.isPrincipal(credentials, 'user')) {
      return `user ${credentials.principal.userEntityRef}`;
    }
    if (auth.isPrincipal(credentials, 'service')) {
      return `service ${credentials.principal.subject}`;
    }
    return 'nobody';
  }
}
