use proptest::prelude::*;

use super::*;

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(data.len())
        .expect("short")
        .to_be_bytes()
        .to_vec();
    out.extend_from_slice(kind);
    out.extend_from_slice(data);
    out.extend_from_slice(&[1, 2, 3, 4]);
    out
}

fn png_of(width: u32, height: u32, more: &[Vec<u8>]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend_from_slice(&[8, 6, 0, 0, 0]);
    let mut out = PNG.to_vec();
    out.extend(chunk(b"IHDR", &header));
    out.extend(more.concat());
    out.extend(chunk(b"IDAT", b"pixels"));
    out.extend(chunk(b"IEND", b""));
    out
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).expect("short").to_be_bytes();
    [&[0xff, marker], &length[..], data].concat()
}

fn jpeg_of(more: &[Vec<u8>]) -> Vec<u8> {
    let frame = [8, 0, 40, 0, 60, 1, 1, 0x11, 0];
    let scan = [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56];
    [
        vec![0xff, 0xd8],
        more.concat(),
        segment(0xdb, b"table"),
        segment(0xc0, &frame),
        segment(0xc4, b"codes"),
        segment(0xda, b"scan"),
        scan.to_vec(),
        vec![0xff, 0xd9],
    ]
    .concat()
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, data) in chunks {
        body.extend_from_slice(*kind);
        body.extend_from_slice(&u32::try_from(data.len()).expect("short").to_le_bytes());
        body.extend_from_slice(data);
        body.extend_from_slice(&[0; 1][..data.len() % 2]);
    }
    let length = u32::try_from(body.len()).expect("short").to_le_bytes();
    [b"RIFF", &length[..], &body].concat()
}

const LOSSY: &[u8] = &[0, 0, 0, 0x9d, 0x01, 0x2a, 60, 0, 40, 0, 9];

fn size(file: &[u8]) -> Result<(PictureKind, u32, u32), PictureError> {
    Picture::read(file).map(|picture| (picture.kind, picture.width, picture.height))
}

#[test]
fn the_bytes_say_what_it_is() {
    assert_eq!(size(&png_of(60, 40, &[])), Ok((PictureKind::Png, 60, 40)));
    assert_eq!(size(&jpeg_of(&[])), Ok((PictureKind::Jpeg, 60, 40)));
    assert_eq!(
        size(&riff(&[(b"VP8 ", LOSSY)])),
        Ok((PictureKind::Webp, 60, 40))
    );
    // 59 and 39 in fourteen bits each.
    let bits: u32 = 59 | 39 << 14;
    let lossless = [&[0x2f], &bits.to_le_bytes()[..], b"rest"].concat();
    assert_eq!(
        size(&riff(&[(b"VP8L", &lossless)])),
        Ok((PictureKind::Webp, 60, 40))
    );
}

#[test]
fn what_is_no_picture_is_refused_by_name() {
    for (file, error) in [
        (&b""[..], PictureError::Missing),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            PictureError::Svg,
        ),
        (b"<?xml version='1.0'?><!-- x -->", PictureError::Svg),
        (b"  <!-- x --><SVG onload='go()'>", PictureError::Svg),
        (b"GIF89a..", PictureError::Unknown),
        (b"<html>", PictureError::Unknown),
        (b"\x89PNG\r\n\x1a\n", PictureError::Broken),
        (b"\xff\xd8\xff\xe0", PictureError::Broken),
        (b"RIFF\x04\0\0\0WEBP", PictureError::Broken),
        (&vec![0; MAX_LOGO_BYTES + 1], PictureError::TooLarge),
    ] {
        assert_eq!(size(file), Err(error));
    }
    // A picture that moves.
    let moves = riff(&[
        (b"VP8X", &[2, 0, 0, 0, 59, 0, 0, 39, 0, 0]),
        (b"ANIM", b"123456"),
    ]);
    assert_eq!(size(&moves), Err(PictureError::Broken));
}

#[test]
fn sides_have_limits() {
    let (least, most) = (MIN_LOGO_SIDE, MAX_LOGO_SIDE);
    for (width, height, fits) in [
        (least, most, true),
        (most, least, true),
        (least - 1, 60, false),
        (60, least - 1, false),
        (most + 1, 60, false),
        (60, most + 1, false),
        (u32::MAX, 60, false),
    ] {
        let found = size(&png_of(width, height, &[]));
        assert_eq!(found.is_ok(), fits, "{width} {height} {found:?}");
    }
}

#[test]
fn a_logo_may_be_as_large_as_the_limit() {
    let head = png_of(60, 40, &[]).len() + 12;
    let filler = chunk(b"IDAT", &vec![7; MAX_LOGO_BYTES - head]);
    assert!(size(&png_of(60, 40, &[filler])).is_ok());
}

#[test]
fn what_was_written_beside_the_picture_stays_out() {
    let secret = b"at home, 52.5 N";
    let mut plain = png_of(60, 40, &[]);
    let noted = png_of(60, 40, &[chunk(b"tEXt", secret), chunk(b"eXIf", secret)]);
    assert_eq!(Picture::read(&noted).expect("a picture").bytes, plain);
    plain.extend_from_slice(b"<script>");
    assert!(
        !Picture::read(&plain)
            .expect("a picture")
            .bytes
            .ends_with(b"<script>")
    );

    let noted = jpeg_of(&[
        segment(0xe1, secret),
        segment(0xfe, secret),
        segment(0xe0, b"JFIF"),
    ]);
    let bytes = Picture::read(&noted).expect("a picture").bytes;
    assert_eq!(bytes, jpeg_of(&[segment(0xe0, b"JFIF")]));

    let wide = [0x3c, 0, 0, 0, 59, 0, 0, 39, 0, 0];
    let noted = riff(&[
        (b"VP8X", &wide),
        (b"VP8 ", LOSSY),
        (b"EXIF", secret),
        (b"XMP ", secret),
    ]);
    let bytes = Picture::read(&noted).expect("a picture").bytes;
    let announced = [0x10, 0, 0, 0, 59, 0, 0, 39, 0, 0];
    assert_eq!(bytes, riff(&[(b"VP8X", &announced), (b"VP8 ", LOSSY)]));
    for kept in [plain, jpeg_of(&[]), bytes] {
        let once = Picture::read(&kept).expect("a picture");
        assert_eq!(Picture::read(&once.bytes), Ok(once));
    }
}

proptest! {
    #[test]
    fn anything_is_answered(
        start in prop_oneof![Just(PNG), Just(&b"\xff\xd8\xff"[..]), Just(&b"RIFF\x20\0\0\0WEBP"[..])],
        rest in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let _ = Picture::read(&[start, &rest].concat());
    }

    #[test]
    fn a_damaged_picture_is_answered(at in 0_usize..80, byte: u8, which in 0_usize..3) {
        let mut file = [png_of(60, 40, &[]), jpeg_of(&[]), riff(&[(b"VP8 ", LOSSY)])][which].clone();
        if let Some(found) = file.get_mut(at) {
            *found = byte;
        }
        let _ = Picture::read(&file);
    }
}
