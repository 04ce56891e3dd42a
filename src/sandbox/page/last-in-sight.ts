/** So near the bottom one reads what is newest. */
const NEAR_BOTTOM_PX = 80;
/** So near its beginning one reads the last entry. */
const NEAR_TOP_PX = 8;

/**
 * Keeps the last entry of a list in sight until somebody scrolls away from it: its end, or where it
 * is taller than there is room for, its beginning.
 */
export class LastInSight {
  /** What stays in its place when sizes change; undefined: what somebody reads. */
  private hold: "last" | "bottom" | undefined = "last";
  private placed = 0;

  /** `above`: so much of what is before the last entry; `onScroll`: somebody has scrolled. */
  constructor(
    private readonly scroller: HTMLElement,
    private readonly list: HTMLElement,
    private readonly above: number,
    private readonly onScroll: () => void = () => undefined,
  ) {
    scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    // How tall entries are is known only when they come into sight; the room changes, too.
    const sizes = new ResizeObserver(() => this.keep());
    sizes.observe(list);
    sizes.observe(scroller);
  }

  get isHeld(): boolean {
    return this.hold !== undefined;
  }

  release(): void {
    this.hold = undefined;
  }

  toLast(): void {
    this.hold = "last";
    this.keep();
  }

  /** Puts what is held back into its place. */
  keep(): void {
    if (this.hold === undefined || this.scroller.clientHeight === 0) return;
    this.scroller.scrollTop = this.hold === "bottom" ? this.bottom() : this.place();
    this.placed = this.scroller.scrollTop;
  }

  private scrolled(): void {
    const { scrollTop } = this.scroller;
    if (this.isHeld && scrollTop === this.placed) return;
    this.hold = this.holdAt(scrollTop);
    this.onScroll();
  }

  private holdAt(scrollTop: number): "last" | "bottom" | undefined {
    const [place, bottom] = [this.place(), this.bottom()];
    if (Math.abs(scrollTop - place) < NEAR_TOP_PX) return "last";
    if (bottom - scrollTop >= NEAR_BOTTOM_PX) return undefined;
    return place < bottom ? "bottom" : "last";
  }

  private bottom(): number {
    return this.scroller.scrollHeight - this.scroller.clientHeight;
  }

  private place(): number {
    const { lastElementChild: last } = this.list;
    if (!(last instanceof HTMLElement)) return this.bottom();
    return Math.min(this.bottom(), last.offsetTop - this.above);
  }
}
