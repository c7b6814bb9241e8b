//! The slots of one value, in space proportional to their number.

use roaring::RoaringBitmap;

/// The slots of one value: the slot itself if it is the only one, so that nearly unique values cost
/// 4 bytes each; otherwise a position in [`Shared`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Postings(u32);

/// The slots of values that occur in several slots.
#[derive(Debug, Default)]
pub(super) struct Shared(Vec<Slots>);

#[derive(Debug)]
enum Slots {
    Few(Vec<u32>),
    Many(RoaringBitmap),
}

/// The bit that distinguishes a position from a slot.
const IS_SHARED: u32 = 1 << 31;
/// The number of slots from which a bitmap is smaller than a list.
const MIN_BITMAP: usize = 32;

impl Postings {
    pub(super) fn new(slot: u32) -> Self {
        assert!(slot < IS_SHARED, "slot {slot} is beyond 2^31");
        Self(slot)
    }

    fn place(self) -> Option<usize> {
        (self.0 & IS_SHARED != 0).then_some((self.0 & !IS_SHARED) as usize)
    }
}

impl Shared {
    /// Adds a slot.
    pub(super) fn add(&mut self, postings: &mut Postings, slot: u32) {
        let Some(place) = postings.place() else {
            let place = u32::try_from(self.0.len()).expect("there are fewer values than slots");
            self.0.push(Slots::Few(vec![postings.0, slot]));
            *postings = Postings(place | IS_SHARED);
            return;
        };
        match &mut self.0[place] {
            Slots::Few(few) if few.len() < MIN_BITMAP => few.push(slot),
            Slots::Few(few) => {
                let many = few.iter().copied().chain([slot]).collect();
                self.0[place] = Slots::Many(many);
            }
            Slots::Many(many) => {
                many.insert(slot);
            }
        }
    }

    /// The slots as a bitmap.
    pub(super) fn bitmap(&self, postings: Postings) -> RoaringBitmap {
        match postings.place().map(|place| &self.0[place]) {
            None => RoaringBitmap::from([postings.0]),
            Some(Slots::Few(few)) => few.iter().copied().collect(),
            Some(Slots::Many(many)) => many.clone(),
        }
    }

    /// Calls `see` with each slot until it returns a value.
    pub(super) fn find<T>(
        &self,
        postings: Postings,
        mut see: impl FnMut(u32) -> Option<T>,
    ) -> Option<T> {
        match postings.place().map(|place| &self.0[place]) {
            None => see(postings.0),
            Some(Slots::Few(few)) => few.iter().copied().find_map(see),
            Some(Slots::Many(many)) => many.iter().find_map(see),
        }
    }
}

/// Unordered slots, collected for a bitmap.
pub(super) struct Collected(Vec<u8>);

impl Collected {
    /// An empty collection for slots below `slots`.
    pub(super) fn new(slots: u32) -> Self {
        Self(vec![0; slots.div_ceil(8) as usize])
    }

    pub(super) fn add(&mut self, slot: u32) {
        self.0[(slot / 8) as usize] |= 1 << (slot % 8);
    }

    pub(super) fn add_all(&mut self, shared: &Shared, postings: Postings) {
        shared.find(postings, |slot| -> Option<()> {
            self.add(slot);
            None
        });
    }

    pub(super) fn into_bitmap(self) -> RoaringBitmap {
        RoaringBitmap::from_lsb0_bytes(0, &self.0)
    }
}
