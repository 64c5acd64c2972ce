//! Opening the ZIP in a package: its directory is read whole, so how large that may be is looked at
//! first, and holds while it is read.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::ZipArchive;

use super::package::unreadable;
use super::{ExportError, MAX_PACKAGE_ENTRIES};

/// Most bytes of a package's list of files, and most that are read to find it.
pub const MAX_PACKAGE_DIRECTORY_BYTES: u64 = 4 * 1024 * 1024;

/// Bytes of the record at the end of a ZIP, and of the two before it in a large one
/// (APPNOTE.TXT 6.3.10, 4.3.14 to 4.3.16).
const END_BYTES: u64 = 22;
const LOCATOR_BYTES: u64 = 20;
const LARGE_END_BYTES: u64 = 56;

/// Reads at most so many bytes until it is let go.
pub(super) struct Bounded<R> {
    reader: R,
    left: Arc<AtomicU64>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        let most = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        if most == 0 && !buffer.is_empty() {
            return Err(io::Error::other("its list of files is too long"));
        }
        let read = self.reader.read(&mut buffer[..most])?;
        self.left
            .store(left.saturating_sub(read as u64), Ordering::Relaxed);
        Ok(read)
    }
}

impl<R: Seek> Seek for Bounded<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.reader.seek(to)
    }
}

/// What a ZIP says of its list of files.
struct End {
    entries: u64,
    bytes: u64,
    starts: u64,
    /// Where the list must end.
    ends: u64,
}

/// Opens a ZIP whose list of files is no longer than it may be.
pub(super) fn open<R: Read + Seek>(mut reader: R) -> Result<ZipArchive<Bounded<R>>, ExportError> {
    let end = end(&mut reader).map_err(|error| unreadable(&error))?;
    let Some(end) = end else {
        return Err(ExportError::package(
            "it is damaged: it does not end as a ZIP",
        ));
    };
    if end.entries > MAX_PACKAGE_ENTRIES as u64 {
        return Err(ExportError::package(format!(
            "it has more than {MAX_PACKAGE_ENTRIES} files"
        )));
    }
    if end.bytes > MAX_PACKAGE_DIRECTORY_BYTES {
        return Err(ExportError::package(format!(
            "its list of files has more than {MAX_PACKAGE_DIRECTORY_BYTES} bytes"
        )));
    }
    // Otherwise another record than this one might be believed.
    if end.starts.checked_add(end.bytes) != Some(end.ends) {
        return Err(ExportError::package(
            "it is damaged: its list of files is elsewhere",
        ));
    }
    let left = Arc::new(AtomicU64::new(MAX_PACKAGE_DIRECTORY_BYTES));
    let bounded = Bounded {
        reader,
        left: Arc::clone(&left),
    };
    let zip = ZipArchive::new(bounded).map_err(|error| unreadable(&error))?;
    left.store(u64::MAX, Ordering::Relaxed);
    Ok(zip)
}

/// What stands at the very end; packages have no comment there.
fn end<R: Read + Seek>(reader: &mut R) -> io::Result<Option<End>> {
    let length = reader.seek(SeekFrom::End(0))?;
    let Some(at) = length.checked_sub(END_BYTES) else {
        return Ok(None);
    };
    let record: [u8; END_BYTES as usize] = read_at(reader, at)?;
    if !record.starts_with(b"PK\x05\x06") || record[20..] != [0, 0] {
        return Ok(None);
    }
    if let Some(locator_at) = at.checked_sub(LOCATOR_BYTES) {
        let locator: [u8; LOCATOR_BYTES as usize] = read_at(reader, locator_at)?;
        if locator.starts_with(b"PK\x06\x07") {
            return large_end(reader, number(&locator[8..16]), locator_at);
        }
    }
    Ok(Some(End {
        entries: number(&record[10..12]),
        bytes: number(&record[12..16]),
        starts: number(&record[16..20]),
        ends: at,
    }))
}

/// The same of a large ZIP, whose longer record stands right before what points to it.
fn large_end<R: Read + Seek>(reader: &mut R, at: u64, ends: u64) -> io::Result<Option<End>> {
    if at.checked_add(LARGE_END_BYTES) != Some(ends) {
        return Ok(None);
    }
    let record: [u8; LARGE_END_BYTES as usize] = read_at(reader, at)?;
    Ok(record.starts_with(b"PK\x06\x06").then(|| End {
        entries: number(&record[32..40]),
        bytes: number(&record[40..48]),
        starts: number(&record[48..56]),
        ends: at,
    }))
}

fn read_at<const N: usize>(reader: &mut (impl Read + Seek), at: u64) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.seek(SeekFrom::Start(at))?;
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A little-endian number of up to eight bytes.
fn number(bytes: &[u8]) -> u64 {
    (bytes.iter().rev()).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    /// Counts what is read.
    struct Counted(Cursor<Vec<u8>>, Arc<AtomicU64>);

    impl Read for Counted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(buffer)?;
            self.1.fetch_add(read as u64, Ordering::Relaxed);
            Ok(read)
        }
    }

    impl Seek for Counted {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    fn zipped(files: usize, name_bytes: usize) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..files {
            let name = format!("{number:0>name_bytes$}");
            let stored = zip::CompressionMethod::Stored;
            let options = SimpleFileOptions::default().compression_method(stored);
            zip.start_file(&*name, options).expect("begins");
        }
        zip.write_all(b"the end").expect("is written");
        zip.finish().expect("ends").into_inner()
    }

    /// What it is refused for, if it is, and how many bytes were read.
    fn opened(bytes: Vec<u8>) -> (Option<String>, u64) {
        let read = Arc::new(AtomicU64::new(0));
        let zip = open(Counted(Cursor::new(bytes), Arc::clone(&read)));
        let refused = zip.err().map(|error| error.to_string());
        (refused, read.load(Ordering::Relaxed))
    }

    #[test]
    fn a_list_of_files_is_looked_at_before_it_is_read() {
        let (refused, _) = opened(zipped(MAX_PACKAGE_ENTRIES, 8));
        assert_eq!(refused, None);
        let (refused, read) = opened(zipped(MAX_PACKAGE_ENTRIES + 1, 8));
        assert!(refused.is_some_and(|why| why.contains("more than 10000 files")));
        assert!(read < 1_000, "{read} bytes were read");
        let (refused, read) = opened(zipped(5_000, 1_000));
        assert!(refused.is_some_and(|why| why.contains("more than 4194304 bytes")));
        assert!(read < 1_000, "{read} bytes were read");
    }

    #[test]
    fn what_says_less_than_it_holds_is_read_no_further() {
        let whole = zipped(5_000, 1_000);
        let at = whole.len() - END_BYTES as usize;
        // As if the list were short, and what is before it a file.
        let mut short = whole.clone();
        let bytes = u32::from_le_bytes(whole[at + 12..at + 16].try_into().expect("four bytes"));
        let starts = u32::from_le_bytes(whole[at + 16..at + 20].try_into().expect("four bytes"));
        short[at + 12..at + 16].copy_from_slice(&46_u32.to_le_bytes());
        let (refused, _) = opened(short.clone());
        assert!(refused.is_some_and(|why| why.contains("elsewhere")));
        short[at + 16..at + 20].copy_from_slice(&(starts + bytes - 46).to_le_bytes());
        let (refused, read) = opened(short);
        assert!(refused.is_some());
        assert!(read < MAX_PACKAGE_DIRECTORY_BYTES + 1_000, "{read}");
        for cut in [0, 21, 30] {
            let (refused, _) = opened(whole[..cut].to_vec());
            assert!(refused.is_some_and(|why| why.contains("does not end as a ZIP")));
        }
        let mut many = zipped(3, 8);
        let at = many.len() - END_BYTES as usize;
        many[at + 8..at + 12].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
        let (refused, _) = opened(many);
        assert!(refused.is_some_and(|why| why.contains("more than 10000 files")));
    }

    #[test]
    fn a_directory_longer_than_it_says_ends_where_the_bound_is() {
        let left = Arc::new(AtomicU64::new(10));
        let reader = Cursor::new(vec![7; 100]);
        let mut bounded = Bounded { reader, left };
        let mut bytes = Vec::new();
        let refused = bounded.read_to_end(&mut bytes).expect_err("is too long");
        assert_eq!((bytes.len(), refused.kind()), (10, io::ErrorKind::Other));
    }
}
