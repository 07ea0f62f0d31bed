import type { StreamKind } from '../event.ts';
import { type PromotionEvent, type PromotionEventType, promotionEvents } from './events.ts';
import { foldPromotion } from './fold.ts';
import type { Promotion } from './state.ts';

/** How the streams of promotions are read. */
export const promotionStream: StreamKind<Promotion, PromotionEvent> = {
  name: 'promotion',
  parse(type, data) {
    if (!isEventType(type)) throw new Error(`A promotion has no event "${type}"`);
    return { type, data: promotionEvents[type].parse(data) } as PromotionEvent;
  },
  fold: foldPromotion,
};

function isEventType(type: string): type is PromotionEventType {
  return Object.hasOwn(promotionEvents, type);
}
