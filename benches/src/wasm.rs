//! The place in node and the browsers: plain exports, called by `places/web.mjs`.
//!
//! There is no clock here; whoever calls measures. Invariant: this is compiled as the page is
//! (`--profile web`), and linked into its own file, never into the page's.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use lagoon::run::{Run, Runner, Unjudged};
    use lagoon_benches::parts::Text;
    use lagoon_benches::workload::{self, SLICE};
    use std::cell::RefCell;

    const SEED: u32 = 1;

    thread_local! {
        static RUNNER: RefCell<Option<Runner>> = const { RefCell::new(None) };
        static RECORDED: RefCell<Option<Unjudged>> = const { RefCell::new(None) };
        static RUN: RefCell<Option<Run>> = const { RefCell::new(None) };
        static TEXT: RefCell<Option<Text>> = const { RefCell::new(None) };
    }

    #[unsafe(no_mangle)]
    extern "C" fn engine_start(writes: u32) {
        RUNNER.set(Some(workload::start(writes, SEED)));
    }

    /// True while there is more to do. The page, too, goes in slices: a browser compiles what is
    /// called often, and cannot change the code of a call that is under way.
    #[unsafe(no_mangle)]
    extern "C" fn engine_advance() -> bool {
        RUNNER.with_borrow_mut(|runner| runner.as_mut().is_some_and(|runner| runner.advance(SLICE)))
    }

    #[unsafe(no_mangle)]
    extern "C" fn engine_record() {
        RECORDED.set(RUNNER.take().map(Runner::record));
    }

    #[unsafe(no_mangle)]
    extern "C" fn engine_judge() {
        RUN.set(RECORDED.take().map(Unjudged::judge));
    }

    /// After the clock was stopped: the trace hash.
    #[unsafe(no_mangle)]
    extern "C" fn engine_hash() -> u64 {
        RUN.with_borrow(|run| run.as_ref().map_or(0, |run| run.trace.hash().0))
    }

    /// How many of the checks failed; the run is let go.
    #[unsafe(no_mangle)]
    extern "C" fn engine_faults(writes: u32) -> u32 {
        RUN.take()
            .map_or(1, |run| workload::faults(&run, writes).len() as u32)
    }

    #[unsafe(no_mangle)]
    extern "C" fn lean_run(writes: u32) -> f64 {
        lagoon_benches::lean::run(writes, SEED)
    }

    /// Takes the text of this number. False past the last one.
    #[unsafe(no_mangle)]
    extern "C" fn text_start(number: u32) -> bool {
        TEXT.set(Text::new(number as usize));
        TEXT.with_borrow(Option::is_some)
    }

    /// Does this part once.
    #[unsafe(no_mangle)]
    extern "C" fn text_part(part: u32) {
        with_text(|text| text.part(part as usize));
    }

    #[unsafe(no_mangle)]
    extern "C" fn text_run() {
        with_text(Text::start);
    }

    #[unsafe(no_mangle)]
    extern "C" fn text_advance() -> bool {
        with_text(Text::advance)
    }

    #[unsafe(no_mangle)]
    extern "C" fn text_finish() {
        with_text(Text::finish);
    }

    #[unsafe(no_mangle)]
    extern "C" fn text_records() -> u32 {
        with_text(|text| text.records() as u32)
    }

    #[unsafe(no_mangle)]
    extern "C" fn text_hash() -> u64 {
        with_text(|text| text.hash())
    }

    fn with_text<T>(work: impl FnOnce(&mut Text) -> T) -> T {
        TEXT.with_borrow_mut(|text| work(text.as_mut().expect("a text was taken")))
    }
}
