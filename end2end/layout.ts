// What is wrong with a page of components, whatever it should look like.

import type { Page } from "@playwright/test";

/** What no state may do: stick out, cut off text, or put one thing that can be tapped over another. */
export function faults(page: Page): Promise<string[]> {
  return page.locator(".specimen__state").evaluateAll((states) =>
    states.flatMap((state) => {
      const name = state.closest("section")?.getAttribute("aria-label");
      const said = (what: string, part: Element) => `${name}: ${what}: ${part.localName}.${part.classList}: ${part.textContent?.slice(0, 40)}`;
      const box = (part: Element) => part.getBoundingClientRect();
      const shown = (part: Element) => box(part).width > 1 && box(part).height > 1 && part.checkVisibility();
      const parts = [...state.querySelectorAll<HTMLElement>("*")].filter(shown);
      const found: string[] = box(state).height < 8 ? [said("empty", state)] : [];
      for (const part of parts) {
        const style = getComputedStyle(part);
        if ((box(part).left < -1 || box(part).right > innerWidth + 1) && style.position !== "absolute") found.push(said("too wide", part));
        const cuts = (axis: string) => axis !== "visible" && axis !== "auto" && axis !== "scroll";
        const shortened = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
        const words = part.localName !== "input" && Boolean(part.textContent?.trim()) && !part.closest("svg");
        const wider = cuts(style.overflowX) && part.scrollWidth > part.clientWidth + 1;
        const higher = cuts(style.overflowY) && part.scrollHeight > part.clientHeight + 1;
        if (words && !shortened && (wider || higher)) found.push(said("cut off", part));
      }
      const tapped = parts.filter((part) => part.matches("a[href], button, input, select, textarea, [role=radio]"));
      tapped.forEach((one, n) => {
        for (const other of tapped.slice(n + 1)) {
          if (one.contains(other) || other.contains(one)) continue;
          const [a, b] = [box(one), box(other)];
          const [wide, high] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
          // A field may hold a button.
          const held = [a, b].some((c) => wide >= c.width - 1 && high >= c.height - 1) && [one, other].some((part) => part.localName === "input");
          if (wide > 1 && high > 1 && !held) found.push(said(`under ${other.localName}.${other.classList}`, one));
        }
      });
      return found;
    }),
  );
}
