//! Numbers of cells.

/// A number in the short form of Excel (MS-XLS 2.5.217): the upper bits of a floating number or a whole one, and
/// perhaps a hundredth of it.
pub(super) fn short(packed: u32) -> f64 {
    let number = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed.cast_signed() >> 2)
    };
    if packed & 1 == 0 {
        number
    } else {
        number / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_read() {
        for (packed, number) in [
            (0x3FF0_0000, 1.0),
            (0x3FF0_0001, 0.01),
            (0x004C_4B42, 1_250_000.0),
            (0x004C_4B43, 12_500.0),
            (0xFFFF_FFFE, -1.0),
        ] {
            assert_eq!(short(packed), number, "{packed:x}");
        }
    }
}
