//! Fewer points, the same look: of the points in one column of pixels, a line needs only the first, the last, the
//! highest and the lowest.

use crate::canvas::PathData;

/// Columns a pixel, so that a PNG of twice the size looks the same, too.
const COLUMNS: f64 = 4.0;

/// The path through points in pixels; `None` breaks the line. Points behind one another in the same column are thinned.
pub(crate) fn thin_path(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> PathData {
    let mut path = PathData::default();
    let mut column = None::<Column>;
    let mut is_broken = true;
    for point in points {
        let Some(point) = point else {
            flush(&mut column, &mut path, &mut is_broken);
            is_broken = true;
            continue;
        };
        match &mut column {
            Some(open) if open.holds(point) => open.add(point),
            _ => {
                flush(&mut column, &mut path, &mut is_broken);
                column = Some(Column::new(point));
            }
        }
    }
    flush(&mut column, &mut path, &mut is_broken);
    path
}

fn flush(column: &mut Option<Column>, path: &mut PathData, is_broken: &mut bool) {
    for point in column.take().iter().flat_map(Column::points) {
        if *is_broken {
            path.move_to(point);
            *is_broken = false;
        } else {
            path.push(point);
        }
    }
}

/// The points of one column of pixels, in the order in which they came.
struct Column {
    place: f64,
    n_points: usize,
    first: (usize, (f64, f64)),
    last: (usize, (f64, f64)),
    highest: (usize, (f64, f64)),
    lowest: (usize, (f64, f64)),
}

impl Column {
    fn new(point: (f64, f64)) -> Self {
        Self {
            place: (point.0 * COLUMNS).floor(),
            n_points: 1,
            first: (0, point),
            last: (0, point),
            highest: (0, point),
            lowest: (0, point),
        }
    }

    fn holds(&self, point: (f64, f64)) -> bool {
        let place = (point.0 * COLUMNS).floor();
        (place - self.place).abs() < 0.5
    }

    fn add(&mut self, point: (f64, f64)) {
        let numbered = (self.n_points, point);
        self.n_points += 1;
        self.last = numbered;
        if point.1 > self.highest.1.1 {
            self.highest = numbered;
        }
        if point.1 < self.lowest.1.1 {
            self.lowest = numbered;
        }
    }

    fn points(&self) -> Vec<(f64, f64)> {
        let mut points = vec![self.first, self.highest, self.lowest, self.last];
        points.sort_by_key(|(index, _)| *index);
        points.dedup_by_key(|(index, _)| *index);
        points.into_iter().map(|(_, point)| point).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The points of a path in the making, read back.
    fn points(path: &PathData) -> Vec<(f64, f64)> {
        let text = path.to_string();
        let points = text.split(['M', 'L']).skip(1);
        let points = points.map(|point| {
            let (x, y) = point.split_once(' ').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        });
        points.collect()
    }

    /// The lowest and highest `y` of each quarter of a pixel.
    fn extent(points: &[(f64, f64)]) -> Vec<(i64, f64, f64)> {
        let mut columns = Vec::<(i64, f64, f64)>::new();
        for &(x, y) in points {
            #[expect(clippy::cast_possible_truncation, reason = "small numbers")]
            let place = (x * COLUMNS).floor() as i64;
            match columns.last_mut() {
                Some(last) if last.0 == place => {
                    (last.1, last.2) = (last.1.min(y), last.2.max(y));
                }
                _ => columns.push((place, y, y)),
            }
        }
        columns
    }

    #[test]
    fn many_points_become_few_that_reach_as_far() {
        // On a grid of hundredths, which a path keeps; a zigzag whose size and phase change.
        let line = (0..200_000_u32).map(|index| {
            let x = f64::from(index / 50) / 100.0;
            let y = f64::from((index * 7919 + index / 977) % 1000) / 100.0;
            (x, y)
        });
        let line = line.collect::<Vec<_>>();
        let thinned = points(&thin_path(line.iter().copied().map(Some)));
        assert!(thinned.len() <= 4 * 160 + 4, "{}", thinned.len());
        assert_eq!(extent(&thinned), extent(&line));
        assert_eq!((thinned[0], thinned.last()), (line[0], line.last()));
    }

    #[test]
    fn points_in_columns_of_their_own_stay() {
        let line = [(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)];
        assert_eq!(points(&thin_path(line.map(Some))), line);
    }

    #[test]
    fn an_undefined_point_breaks_the_line() {
        let line = [Some((0.0, 1.0)), None, Some((1.0, 3.0)), Some((2.0, 2.0))];
        assert_eq!(thin_path(line).to_string(), "M0 1M1 3L2 2");
        assert!(thin_path([None, None]).is_empty());
    }
}
