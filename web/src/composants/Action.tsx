/** A button that stays in view when it cannot be used, and says why (a disabled button of HTML could neither be reached nor explain itself). */
import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

interface Props extends ButtonProps {
  id?: string;
  /** Why it cannot be used now; `null` if it can. */
  empeche: string | null;
  onClick: () => void;
  children: ReactNode;
}

export function Action({ empeche, onClick, children, ...rest }: Props) {
  return (
    <Tooltip label={empeche} disabled={empeche === null}>
      <Button
        {...rest}
        aria-disabled={empeche !== null}
        data-disabled={empeche !== null || undefined}
        onClick={() => empeche === null && onClick()}
      >
        {children}
        {empeche !== null && <span className="invisible"> ({empeche})</span>}
      </Button>
    </Tooltip>
  );
}
