/** Whether a screen is still there when what it waited for comes: who went elsewhere meanwhile is not taken back. */
import { type RefObject, useEffect, useRef } from "react";

export function usePresent(): Readonly<RefObject<boolean>> {
  const present = useRef(false);
  useEffect(() => {
    present.current = true;
    return () => {
      present.current = false;
    };
  }, []);
  return present;
}
