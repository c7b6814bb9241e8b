package validate

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// noSSN fails when a text contains a likely social security number. The
// failure never prints the number.
func (c *checker) noSSN(name, value string) {
	for _, folded := range foldedReadings(value) {
		if len(ssnPlaces(folded)) > 0 {
			c.fail(Policy, "%s has what looks like a social security number", name)
			return
		}
	}
}

// ssnPlaces returns the likely social security numbers in a folded text, each
// from its first digit or letter to the one behind its last.
func ssnPlaces(s string) []run {
	runs := digitRuns(s)
	places := groupedSSNs(s)
	if cues := findCues(s); len(cues) > 0 {
		taken := takenOut(s, runs)
		places = append(places, namedSSNs(s, runs, cues, taken)...)
		places = append(places, spelledSSNs(s, cues, taken)...)
	}
	for _, r := range runs {
		if slices.Contains(ssnExamples, s[r.start:r.end]) {
			places = append(places, r)
		}
	}
	return places
}

// ssnExamples are numbers that are printed as examples.
var ssnExamples = []string{"078051120", "219099999", "457555462", "123456789"}

// groupedSSNs returns the numbers in groups of three, two and four digits.
func groupedSSNs(s string) []run {
	var places []run
	for i := range len(s) {
		if !text.IsDigit(s[i]) || i > 0 && text.IsDigit(s[i-1]) || behindCountryCode(s, i) {
			continue
		}
		places = append(places, gluedSSNs(s, i)...)
	}
	return places
}

// gluedSSNs returns the grouped number that begins at i and those that follow
// it directly, or nil when another digit follows the last.
func gluedSSNs(s string, i int) []run {
	var places []run
	for {
		end := groupedAt(s, i)
		if end == 0 {
			return nil
		}
		places = append(places, run{i, end})
		if end == len(s) || !text.IsDigit(s[end]) {
			return places
		}
		i = end
	}
}

// groupedAt returns where the grouped number that begins at i ends, or 0,
// whatever follows.
func groupedAt(s string, i int) int {
	first, ok := gapAfter(s, i, 3)
	if !ok {
		return 0
	}
	second, ok := gapAfter(s, first.end, 2)
	if !ok || !digitsAt(s, second.end, 4) || !gapsFit(s[first.start:first.end], s[second.start:second.end]) {
		return 0
	}
	return second.end + 4
}

// gapAfter returns what stands between exactly n digits at i and the next
// digit.
func gapAfter(s string, i, n int) (gap run, ok bool) {
	if !digitsAt(s, i, n) {
		return run{}, false
	}
	gap.start = i + n
	length := strings.IndexFunc(s[gap.start:], text.IsDigit[rune])
	gap.end = gap.start + length
	return gap, length > 0
}

func digitsAt(s string, i, n int) bool {
	for j := i; j < i+n; j++ {
		if j >= len(s) || !text.IsDigit(s[j]) {
			return false
		}
	}
	return true
}

func gapsFit(one, other string) bool {
	if isLoose(one) && isLoose(other) && strings.Contains(one, "/") == strings.Contains(other, "/") {
		return true
	}
	return one == other && utf8.RuneCountInString(one) == 1 && !containsLetter(one)
}

const maxLooseGap = 6

func isLoose(gap string) bool {
	n := utf8.RuneCountInString(gap)
	return n >= 1 && n <= maxLooseGap && strings.IndexFunc(gap, func(r rune) bool { return !isLooseRune(r) }) < 0
}

func isLooseRune(r rune) bool {
	return r <= 0x1f || 0x7f <= r && r <= 0x9f || strings.ContainsRune(" -_./\\|*~()·•‧∙⋅・", r)
}

// behindCountryCode reports whether a `+`, or the country code of a phone
// number, stands before i.
func behindCountryCode(s string, i int) bool {
	before := s[:i]
	if strings.HasSuffix(before, "+") {
		return true
	}
	end := strings.LastIndexFunc(before, text.IsDigit[rune]) + 1
	if end == 0 || !isLoose(before[end:]) {
		return false
	}
	start := end
	for start > 0 && text.IsDigit(before[start-1]) {
		start--
	}
	code := before[start:end]
	if strings.HasSuffix(before[:start], "+") && isForeignCode(code) {
		return true
	}
	code, ok := strings.CutPrefix(code, "00")
	return ok && isForeignCode(code)
}

// isForeignCode reports whether digits may be the code of another country.
func isForeignCode(code string) bool {
	return len(code) >= 1 && len(code) <= 3 && code != "1"
}
