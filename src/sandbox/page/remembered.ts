/** A value that a tab keeps while its page is loaded anew. */
export class Remembered<Value> {
  private readonly key: string;

  constructor(name: string) {
    this.key = `muster-sandbox-${name}`;
  }

  set(value: Value): void {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(value));
    } catch {
      // There is no room: the page works without.
    }
  }

  /** As it was set last; undefined where nothing was. */
  get(): Value | undefined {
    try {
      return JSON.parse(sessionStorage.getItem(this.key) ?? "") as Value;
    } catch {
      return undefined;
    }
  }
}
