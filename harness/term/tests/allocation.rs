//! Hostile lengths do not make the decoders reserve memory for them.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use upheaval_term::{RawTerm, Term, decode, from_slice};

thread_local! {
    /// Bytes allocated by this thread now, and the most there ever were.
    static USED: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

struct Counting;

// SAFETY: every call is passed on to the system allocator unchanged; counting
// touches a const-initialised thread local without a destructor, which does
// not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        USED.with(|used| {
            let (now, peak) = used.get();
            let now = now + layout.size();
            used.set((now, peak.max(now)));
        });
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.with(|used| {
            let (now, peak) = used.get();
            used.set((now.saturating_sub(layout.size()), peak));
        });
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most memory that running this takes.
fn peak(run: impl FnOnce()) -> usize {
    let before = USED.with(|used| {
        let (now, _) = used.get();
        used.set((now, now));
        now
    });
    run();
    USED.with(|used| used.get().1) - before
}

/// How much memory a byte of input may take: a term, and its share of a node of
/// a map.
const PER_BYTE: usize = 256;

#[derive(serde::Deserialize)]
#[allow(dead_code, reason = "only its decoding matters")]
struct Nest(Vec<Nest>);

type Check = fn(&[u8]);

fn assert_modest(what: &str, bytes: &[u8]) {
    let allowed = 4096 + PER_BYTE * bytes.len();
    let checks: [(&str, Check); 5] = [
        ("term", |bytes| drop(decode(bytes))),
        ("numbers", |bytes| drop(from_slice::<Vec<u64>>(bytes))),
        ("text", |bytes| drop(from_slice::<String>(bytes))),
        ("nest", |bytes| drop(from_slice::<Nest>(bytes))),
        ("raw", |bytes| drop(from_slice::<RawTerm>(bytes))),
    ];
    for (kind, check) in checks {
        let used = peak(|| check(bytes));
        assert!(
            used <= allowed,
            "{what} as {kind}: {used} bytes for {}",
            bytes.len()
        );
    }
}

#[test]
fn a_huge_claimed_length_reserves_nothing() {
    for tag in [105, 108, 109, 77, 111, 116] {
        assert_modest(
            &format!("tag {tag}"),
            &[131, tag, 0xFF, 0xFF, 0xFF, 0xFF, 1, 97, 1],
        );
    }
    assert_modest("string", &[131, 107, 0xFF, 0xFF, 1]);
    assert_modest("atom", &[131, 118, 0xFF, 0xFF, 1]);
}

#[test]
fn nested_lists_that_each_claim_all_that_is_left_reserve_it_once() {
    const LISTS: usize = 120;
    const FILL: usize = 100_000;
    for tag in [108, 105] {
        let mut bytes = vec![131];
        for level in 0..LISTS {
            let left = (LISTS - level - 1) * 5 + FILL - 1000;
            bytes.push(tag);
            bytes.extend((left as u32).to_be_bytes());
        }
        bytes.resize(bytes.len() + FILL, 106);
        assert_modest("nested", &bytes);
    }
}

#[test]
fn an_honest_term_stays_within_the_same_bounds() {
    let term = Term::list((0..1000).map(|n| Term::map([(n, Term::tuple([n, n]))])));
    assert_modest("honest", &upheaval_term::encode(&term));
}
