/** Buttons that zoom a time axis; the keys beside them are the axis's own. */
import type { TimeAxis } from '../time-axis.ts';
import { Button } from './controls.tsx';

export function ZoomButtons({ axis }: { readonly axis: TimeAxis }) {
  return (
    <>
      <Button title="Zoom in (+)" onClick={() => axis.zoom(0.5)}>
        +
      </Button>
      <Button title="Zoom out (-)" onClick={() => axis.zoom(2)}>
        −
      </Button>
      <Button title="Show all (0)" isDisabled={axis.isWhole} onClick={axis.reset}>
        All
      </Button>
    </>
  );
}
