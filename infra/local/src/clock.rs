//! The clock of the whole local system: the machine's time plus an offset that only grows.
//!
//! A PEC waits days for its answer; nobody testing the product does. `POST /local/horloge` moves this clock, and
//! everything that asks for the time (handlers, schedules, tokens) follows, because all of them share one offset.
//!
//! What must hold: time never goes back, not even over a restart, since a lease or a token issued "later" would
//! otherwise become valid twice. The offset is therefore on disk before anybody can read it.
//!
//! Deliberately absent: a stopped clock (two events at one instant would hide ordering bugs), and the emulators' own
//! timers: visibility timeouts, delays and the sweep of expired items run in real time.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use optopec_lambda::deps::Clock as DepsClock;
use serde::{Deserialize, Serialize};

/// Name of the file that keeps the offset, in the data folder.
pub const CLOCK_FILE: &str = "horloge.json";

/// The furthest one call may move the clock: ten years, more than any delay of the product.
pub const MAX_ADVANCE_SECONDS: i64 = 10 * 365 * 24 * 60 * 60;

/// The virtual clock. Cheap to clone; all clones share one offset.
#[derive(Clone, Debug)]
pub struct Clock {
    offset_seconds: Arc<AtomicI64>,
    kept_in: Arc<Mutex<Option<PathBuf>>>,
}

/// Why the clock did not move.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The caller asked for something this clock does not do.
    #[error("l'horloge avance de 0 à {MAX_ADVANCE_SECONDS} secondes à la fois et ne recule jamais")]
    OutOfRange,
    /// The new offset could not be written, so it was not taken.
    #[error("le décalage de l'horloge n'a pas pu être enregistré : {0}")]
    NotKept(#[from] io::Error),
}

#[derive(Serialize, Deserialize)]
struct Kept {
    decalage_secondes: i64,
}

impl Clock {
    /// A clock that starts at the machine's time and forgets its offset with the process.
    #[must_use]
    pub fn memory() -> Self {
        Self::new(0, None)
    }

    /// The clock of a data folder: resumes the offset found there.
    ///
    /// # Errors
    /// The folder cannot be read, or holds a file this version did not write. It is not replaced: starting again at
    /// the machine's time would move the clock back.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let file = folder.join(CLOCK_FILE);
        let offset = match std::fs::read(&file) {
            Ok(bytes) => serde_json::from_slice::<Kept>(&bytes)
                .ok()
                .map(|kept| kept.decalage_secondes)
                .filter(|offset| *offset >= 0)
                .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("{} is not readable", file.display())))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(Self::new(offset, Some(file)))
    }

    fn new(offset: i64, file: Option<PathBuf>) -> Self {
        Self { offset_seconds: Arc::new(AtomicI64::new(offset)), kept_in: Arc::new(Mutex::new(file)) }
    }

    /// What time it is in the system.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        DepsClock::Shifted(self.offset()).now()
    }

    /// The offset in seconds, shared with whoever computes the time by itself.
    #[must_use]
    pub fn offset(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.offset_seconds)
    }

    /// Moves the clock of the whole system forward and answers the new time.
    ///
    /// # Errors
    /// [`ClockError`]; the clock has not moved.
    pub fn advance(&self, seconds: i64) -> Result<Timestamp, ClockError> {
        if !(0..=MAX_ADVANCE_SECONDS).contains(&seconds) {
            return Err(ClockError::OutOfRange);
        }
        // Held over the write, so that two calls add up and the file ends with the later offset.
        let kept_in = self.kept_in.lock().unwrap_or_else(PoisonError::into_inner);
        let offset = self.offset_seconds.load(Ordering::SeqCst).checked_add(seconds).ok_or(ClockError::OutOfRange)?;
        let now = at(offset).ok_or(ClockError::OutOfRange)?;
        if let Some(file) = kept_in.as_ref() {
            let bytes = serde_json::to_vec(&Kept { decalage_secondes: offset }).map_err(io::Error::from)?;
            replace_file(file, &bytes)?;
        }
        self.offset_seconds.store(offset, Ordering::SeqCst);
        Ok(now)
    }
}

fn at(offset_seconds: i64) -> Option<Timestamp> {
    DepsClock::System.now().checked_add(SignedDuration::from_secs(offset_seconds)).ok()
}

/// Writes a small private file so that a crash leaves the old content or the new one, never a part of it.
pub(crate) fn replace_file(file: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    let temporary = file.with_extension("tmp");
    // The mode only applies to a file that is created: a leftover of another process is removed, not reused.
    match std::fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut handle = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    handle.write_all(bytes)?;
    handle.sync_all()?;
    std::fs::rename(&temporary, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_DAYS: i64 = 2 * 24 * 60 * 60;

    fn folder(test: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("optopec-horloge-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn moves_forward_for_everybody_who_shares_it() {
        let clock = Clock::memory();
        let (copy, offset, before) = (clock.clone(), clock.offset(), clock.now());
        let after = clock.advance(TWO_DAYS).unwrap();
        assert!(after.duration_since(before) >= SignedDuration::from_secs(TWO_DAYS));
        assert!(copy.now() >= after);
        assert_eq!(offset.load(Ordering::SeqCst), TWO_DAYS);
    }

    #[test]
    fn refuses_to_go_back_too_far_or_out_of_the_calendar() {
        let clock = Clock::memory();
        for seconds in [-1, i64::MIN, MAX_ADVANCE_SECONDS + 1, i64::MAX] {
            assert!(matches!(clock.advance(seconds), Err(ClockError::OutOfRange)), "{seconds}");
        }
        // Ten years at a time, the calendar ends at some point: an answer, not a panic, and `now` still works.
        let last = (0..1000).find_map(|_| clock.advance(MAX_ADVANCE_SECONDS).err());
        assert!(matches!(last, Some(ClockError::OutOfRange)));
        assert!(clock.now() < Timestamp::MAX);
    }

    #[test]
    fn survives_a_restart() {
        let folder = folder("restart");
        Clock::open(&folder).unwrap().advance(TWO_DAYS).unwrap();
        let reopened = Clock::open(&folder).unwrap();
        reopened.advance(1).unwrap();
        assert_eq!(Clock::open(&folder).unwrap().offset().load(Ordering::SeqCst), TWO_DAYS + 1);
        assert!(!folder.join("horloge.tmp").exists());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn does_not_restart_from_a_file_it_cannot_read() {
        let folder = folder("unreadable");
        for content in ["", "{", r#"{"decalage_secondes":-5}"#] {
            std::fs::write(folder.join(CLOCK_FILE), content).unwrap();
            assert_eq!(Clock::open(&folder).unwrap_err().kind(), io::ErrorKind::InvalidData, "{content:?}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_offset_that_cannot_be_kept_is_not_taken() {
        let folder = folder("gone");
        let clock = Clock::open(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(matches!(clock.advance(60), Err(ClockError::NotKept(_))));
        assert_eq!(clock.offset().load(Ordering::SeqCst), 0);
    }
}
