// Types of embed.js: docs/embedding.md says what they mean.

/** How a run is shown; each as in a link, several values with commas. */
export interface LagoonOptions {
  show?: "player" | "diagram" | "all" | string;
  hide?: string;
  lock?: string;
  theme?: "light" | "dark";
  at?: string;
  /** The moment that is shown until somebody plays it. */
  poster?: string;
}

export type LagoonVerdict = "holds" | "untested" | "violated" | "not-yet" | "unknown";

/** What the frame says. */
export type LagoonMessage =
  | { lagoon: 1; type: "ready" }
  | { lagoon: 1; type: "resize"; height: number }
  | { lagoon: 1; type: "time"; at: number; playing: boolean }
  | { lagoon: 1; type: "state"; link: string; text: string; hash: string; mode: "synchronous" | "background"; sideBySide: boolean; end: number }
  | { lagoon: 1; type: "verdict"; name: string; verdict: LagoonVerdict; at: number }
  | { lagoon: 1; type: "judged"; id: string; met: boolean; runs: number; claims: LagoonFare[]; stays: boolean[]; slips: number }
  | { lagoon: 1; type: "error"; message: string; line?: number };

/** In how many runs a claim is met; why not in the first other one, and that one's seed. */
export interface LagoonFare {
  met: number;
  why: string;
  seed: number;
}

/** What a lesson in a frame says; it takes nothing. */
export type LagoonLessonMessage =
  | { lagoon: 1; type: "resize"; lesson: string; height: number }
  | { lagoon: 1; type: "bet"; lesson: string; page: number; right: boolean }
  | { lagoon: 1; type: "task-done"; lesson: string; page: number }
  | { lagoon: 1; type: "lesson-done"; lesson: string };

/** What the frame takes. */
export type LagoonRequest =
  | { lagoon: 1; type: "load"; text: string }
  | { lagoon: 1; type: "play" }
  | { lagoon: 1; type: "pause" }
  | { lagoon: 1; type: "step"; by?: number }
  | { lagoon: 1; type: "seek"; at: number }
  | { lagoon: 1; type: "view"; hide?: string; lock?: string; why?: string }
  | { lagoon: 1; type: "open" }
  | { lagoon: 1; type: "judge"; claims: string; seeds?: number; stays?: string; id?: string }
  | { lagoon: 1; type: "set"; key: string; value: string };

export interface LagoonPlayground extends HTMLElement {
  /** The scenario that it was given last; another one is given by `load`. */
  readonly text: string;
  readonly playing?: boolean;
  play(): void;
  pause(): void;
  step(by?: number): void;
  /** To this moment, in milliseconds. */
  seek(at: number): void;
  load(text: string): void;
  set(key: string, value: string | number): void;
}

declare global {
  interface Window {
    Lagoon: {
      /** Turns the code blocks below this element into playgrounds. */
      scan(root?: ParentNode): void;
      /** The address of a text. */
      link(text: string, options?: LagoonOptions): string;
    };
  }
  interface HTMLElementTagNameMap {
    "lagoon-playground": LagoonPlayground;
  }
}
