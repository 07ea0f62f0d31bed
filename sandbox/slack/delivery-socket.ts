import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { isObject, parseJson } from '../shared/json.ts';
import { type Acknowledgement, ackLimitMs, type Delivery, type Retry, type Transport } from './delivery.ts';

const maxConnections = 10;
const ticketLifeMs = 30_000;
const pingEveryMs = 5000;
const closeAfterMs = 1000;
const envelopeType = { command: 'slash_commands', interaction: 'interactive', event: 'events_api' } as const;

/** Socket Mode: single-use tickets, up to ten connections, each envelope to one of them at random. */
export class SocketTransport implements Transport {
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly tickets = new Map<string, number>();
  private readonly connections = new Set<WebSocket>();
  private readonly waiting = new Map<string, (payload: unknown) => void>();
  private readonly appId: string;
  private readonly onConnections: () => void;
  private readonly pinging: NodeJS.Timeout;

  constructor(appId: string, onConnections: () => void) {
    this.appId = appId;
    this.onConnections = onConnections;
    this.pinging = setInterval(() => {
      for (const connection of this.connections) connection.ping('Ping from simulated Slack');
    }, pingEveryMs);
    this.pinging.unref();
  }

  get connected(): boolean {
    return this.connections.size > 0;
  }

  /** A WebSocket URL that can be used once, within 30 s. */
  issueUrl(httpUrl: string): string {
    const ticket = randomBytes(16).toString('hex');
    this.tickets.set(ticket, Date.now() + ticketLifeMs);
    return `${httpUrl.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${this.appId}`;
  }

  /** Takes over an HTTP upgrade; a missing, used or old ticket is refused with 401. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
    const validUntil = this.tickets.get(ticket) ?? 0;
    this.tickets.delete(ticket);
    if (validUntil < Date.now())
      return void socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
    this.server.handleUpgrade(request, socket, head, (connection) => this.greet(connection));
  }

  async send(delivery: Delivery, retry: Retry | null): Promise<Acknowledgement> {
    const open = [...this.connections].filter((connection) => connection.readyState === connection.OPEN);
    const connection = open[open.length > 0 ? randomInt(open.length) : 0];
    if (!connection) return { acknowledged: false, payload: undefined, error: 'dispatch_failed' };
    const envelopeId = randomUUID();
    connection.send(
      JSON.stringify({
        envelope_id: envelopeId,
        payload: delivery.payload,
        type: envelopeType[delivery.kind],
        accepts_response_payload: delivery.answerable,
        ...(delivery.kind === 'event' && {
          retry_attempt: retry?.number ?? 0,
          retry_reason: retry?.reason.replace('http_', '') ?? '',
        }),
      }),
    );
    return this.acknowledgement(envelopeId);
  }

  /** Asks every connection to leave, as Slack does when it recycles a host; closes those that stay. */
  disconnectAll(reason: 'warning' | 'refresh_requested'): void {
    for (const connection of this.connections) {
      connection.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } }));
      // A warned connection stays in use for another ten seconds, unless the client leaves at once.
      setTimeout(() => connection.close(), reason === 'warning' ? 10 * closeAfterMs : closeAfterMs).unref();
      if (reason === 'refresh_requested') this.connections.delete(connection);
    }
    this.onConnections();
  }

  /** Cuts every connection without a word, as an outage does; those asked to leave too. */
  cutAll(): void {
    for (const connection of this.server.clients) connection.terminate();
  }

  close(): void {
    clearInterval(this.pinging);
    this.cutAll();
    this.server.close();
  }

  private greet(connection: WebSocket): void {
    connection.on('error', () => connection.terminate());
    if (this.connections.size >= maxConnections) {
      connection.send(
        JSON.stringify({
          type: 'disconnect',
          reason: 'too_many_websockets',
          debug_info: { host: 'sandbox' },
        }),
      );
      connection.close();
      return;
    }
    this.connections.add(connection);
    connection.on('message', (data) => this.receive(data));
    connection.on('close', () => {
      this.connections.delete(connection);
      this.onConnections();
    });
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.connections.size,
        debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: this.appId },
      }),
    );
    this.onConnections();
  }

  private receive(data: RawData): void {
    const message = parseJson(data.toString());
    if (!isObject(message) || typeof message['envelope_id'] !== 'string') return;
    // An acknowledgement that comes late, or twice, finds nobody waiting: Slack ignores it.
    this.waiting.get(message['envelope_id'])?.(message['payload']);
  }

  private acknowledgement(envelopeId: string): Promise<Acknowledgement> {
    return new Promise((resolve) => {
      const finish = (outcome: Acknowledgement) => {
        clearTimeout(timer);
        this.waiting.delete(envelopeId);
        resolve(outcome);
      };
      const timer = setTimeout(
        () => finish({ acknowledged: false, payload: undefined, error: 'operation_timeout' }),
        ackLimitMs,
      );
      this.waiting.set(envelopeId, (payload) => finish({ acknowledged: true, payload, error: null }));
    });
  }
}
