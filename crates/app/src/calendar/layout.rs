//! Where the entries of one column stand beside each other, and in which five-minute row. Pure.

/// Minutes of one row.
pub const ROW_MINUTES: u16 = 5;
/// Most entries that stand beside each other; further ones lie over the last.
pub const MAX_LANES: u8 = 24;

/// A stretch of rows in one column: `from` is the first, `to` the first after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First row.
    pub from: u16,
    /// First row after it; later than `from`.
    pub to: u16,
}

/// Where an entry stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// Which of the lanes, from 0.
    pub lane: u8,
    /// How many lanes there are beside each other.
    pub of: u8,
}

/// Gives each span a lane, so that none covers another: the first lane that is free. All that
/// overlap, also by way of others, share one number of lanes, and so one width.
#[must_use]
pub fn lanes(spans: &[Span]) -> Vec<Lane> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|&i| (spans[i].from, std::cmp::Reverse(spans[i].to), i));
    let mut placed = vec![Lane { lane: 0, of: 1 }; spans.len()];
    let mut group: Vec<usize> = Vec::new();
    let mut ends: Vec<u16> = Vec::new();
    let mut last = 0;
    for i in order {
        let span = spans[i];
        if !group.is_empty() && span.from >= last {
            close(&mut placed, &mut group, &mut ends);
        }
        let free = ends.iter().position(|end| *end <= span.from);
        let lane = free.unwrap_or(ends.len()).min(usize::from(MAX_LANES) - 1);
        match ends.get_mut(lane) {
            Some(end) => *end = span.to.max(*end),
            None => ends.push(span.to),
        }
        placed[i].lane = u8::try_from(lane).unwrap_or(MAX_LANES - 1);
        last = if group.is_empty() {
            span.to
        } else {
            last.max(span.to)
        };
        group.push(i);
    }
    close(&mut placed, &mut group, &mut ends);
    placed
}

fn close(placed: &mut [Lane], group: &mut Vec<usize>, ends: &mut Vec<u16>) {
    let of = u8::try_from(ends.len()).unwrap_or(MAX_LANES);
    for i in group.drain(..) {
        placed[i].of = of;
    }
    ends.clear();
}

/// The classes that put an entry where it belongs: hours and five minutes from the top, hours and
/// five minutes of length, lane and lanes. `calendar.css` has one rule for each.
#[must_use]
pub fn classes(span: Span, lane: Lane) -> String {
    let length = span.to - span.from;
    let mut text = format!(
        "h{} m{} k{} j{}",
        span.from / 12,
        span.from % 12,
        length / 12,
        length % 12
    );
    if lane.of > 1 {
        text.push_str(&format!(" c{} n{}", lane.lane, lane.of));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(from: u16, to: u16) -> Span {
        Span { from, to }
    }

    #[test]
    fn entries_stand_beside_each_other_only_where_they_overlap() {
        let placed = lanes(&[span(0, 6), span(3, 9), span(6, 12), span(12, 20)]);
        let shown: Vec<_> = placed.iter().map(|l| (l.lane, l.of)).collect();
        assert_eq!(shown, [(0, 2), (1, 2), (0, 2), (0, 1)]);
        assert_eq!(classes(span(14, 33), placed[1]), "h1 m2 k1 j7 c1 n2");
        assert_eq!(classes(span(12, 20), placed[3]), "h1 m0 k0 j8");
    }

    fn overlap(a: Span, b: Span) -> bool {
        a.from < b.to && b.from < a.to
    }

    proptest! {
        #[test]
        fn no_two_that_overlap_share_a_lane_and_they_share_a_width(
            found in prop::collection::vec((0u16..288, 1u16..60), 0..24)
        ) {
            let spans: Vec<Span> = found.iter().map(|(from, len)| span(*from, from + len)).collect();
            let placed = lanes(&spans);
            for (i, a) in spans.iter().enumerate() {
                prop_assert!(placed[i].lane < placed[i].of);
                for (j, b) in spans.iter().enumerate().skip(i + 1) {
                    if overlap(*a, *b) {
                        prop_assert_ne!(placed[i].lane, placed[j].lane);
                        prop_assert_eq!(placed[i].of, placed[j].of);
                    }
                }
                // No lane more than the most that overlap at one row.
                let most = (0..350).map(|row| {
                    spans.iter().filter(|s| s.from <= row && row < s.to).count()
                }).max().unwrap_or(0);
                prop_assert!(usize::from(placed[i].of) <= most);
            }
        }

        #[test]
        fn crowds_never_pass_the_last_lane(count in 0usize..60) {
            let spans = vec![span(0, 12); count];
            for lane in lanes(&spans) {
                prop_assert!(lane.lane < MAX_LANES && lane.of <= MAX_LANES);
            }
        }
    }
}
