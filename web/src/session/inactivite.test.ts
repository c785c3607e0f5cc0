import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { INACTIVITE_MS, remaining, touch, useInactivite } from "./inactivite";

const MINUTE = 60_000;
const press = () => window.dispatchEvent(new KeyboardEvent("keydown"));

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers({ now: 1_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("thirty minutes without a key or a click are the end, and each of them begins them anew", () => {
  const end = vi.fn();
  const { unmount } = renderHook(() => useInactivite(true, end));
  for (let i = 0; i < 3; i++) {
    vi.advanceTimersByTime(29 * MINUTE);
    press();
  }
  vi.advanceTimersByTime(30 * MINUTE - 1);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(end).toHaveBeenCalledOnce();
  unmount();
});

test("the sleep of the machine counts: the key that wakes it does not begin anew", () => {
  const end = vi.fn();
  const { unmount } = renderHook(() => useInactivite(true, end));
  vi.setSystemTime(Date.now() + 8 * 60 * MINUTE);
  press();
  expect(end).toHaveBeenCalledOnce();
  unmount();
});

test("a tab that is opened again after its time has none left", () => {
  expect(remaining()).toBe(INACTIVITE_MS);
  touch();
  vi.setSystemTime(Date.now() + INACTIVITE_MS);
  expect(remaining()).toBe(0);
});
