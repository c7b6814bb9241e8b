package validate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// namedSSNs returns the numbers of nine digits that have a cue near them.
func namedSSNs(s string, runs []run, cues []cue, taken marks) []run {
	var free []run
	for _, r := range runs {
		if !taken.has(r) {
			free = append(free, r)
		}
	}
	var places []run
	for i, r := range free {
		if n := r.end - r.start; n == 18 || n == 27 {
			if hasCue(s, cues, r, false) && !disqualified(s, free[i:i+1]) {
				for at := r.start; at < r.end; at += 9 {
					places = append(places, run{at, at + 9})
				}
			}
			continue
		}
		nine := nineDigits(s, free[i:], taken)
		if nine == nil || disqualified(s, nine) {
			continue
		}
		whole := run{nine[0].start, nine[len(nine)-1].end}
		if hasCue(s, cues, whole, isEmployerNumber(s, nine)) {
			places = append(places, whole)
		}
	}
	return places
}

// marks are bytes of a text.
type marks []bool

// has reports whether a byte of the run is marked.
func (m marks) has(r run) bool { return slices.Contains(m[r.start:r.end], true) }

// add marks the bytes of a run.
func (m marks) add(r run) {
	for i := r.start; i < r.end; i++ {
		m[i] = true
	}
}

const maxNamedGap = 8

// nineDigits returns the first of the runs that have nine digits in all, or
// nil.
func nineDigits(s string, runs []run, taken marks) []run {
	digits := 0
	for i, r := range runs {
		if i > 0 {
			gap := run{runs[i-1].end, r.start}
			between := s[gap.start:gap.end]
			if utf8.RuneCountInString(between) > maxNamedGap || containsLetter(between) || taken.has(gap) {
				return nil
			}
		}
		digits += r.end - r.start
		if digits >= 9 {
			if digits > 9 {
				return nil
			}
			return runs[:i+1]
		}
	}
	return nil
}

// disqualified reports whether the digits are those of something else.
func disqualified(s string, runs []run) bool {
	first := runs[0]
	if strings.HasSuffix(s[:first.start], "+") {
		return true
	}
	size := func(i int) int { return runs[i].end - runs[i].start }
	if len(runs) == 1 {
		return labelBefore(s, first.start)
	}
	if len(runs) < 3 || size(0) != 3 || size(1) != 4 {
		return false
	}
	return s[first.end:runs[1].start] != s[runs[1].end:runs[2].start]
}

var label = regexp.MustCompile(`^(?:order|invoice|ticket|tracking|shipment|confirmation|po|job|badge|routing)` +
	`[^a-z0-9]{0,3}(?:(?:no|num|number|nr|id)[^a-z0-9]{0,3})?$`)

// maxLabel is more bytes than a label and what stands behind it can have.
const maxLabel = 48

// labelBefore reports whether the word before i says what the digits behind it
// are.
func labelBefore(s string, i int) bool {
	for at := max(0, i-maxLabel); at < i; at++ {
		if strings.IndexByte("oitscpjbr", s[at]) < 0 {
			continue
		}
		r, _ := utf8.DecodeLastRuneInString(s[:at])
		if (at == 0 || !text.IsLetterRune(r)) && label.MatchString(s[at:i]) {
			return true
		}
	}
	return false
}

// isEmployerNumber reports whether the number is written as employers write
// their own.
func isEmployerNumber(s string, runs []run) bool {
	return len(runs) == 2 && runs[0].end-runs[0].start == 2 && s[runs[0].end:runs[1].start] == "-"
}

// cue is where a word begins that announces a number.
type cue struct {
	at int
	// taxNumber means that the word also announces the number of an employer.
	taxNumber bool
}

// cuePatterns match at the beginning of a cue.
var cuePatterns = []struct {
	pattern   *regexp.Regexp
	taxNumber bool
}{
	{regexp.MustCompile(`^(?:ssns?~|s[^a-z0-9]{1,3}s[^a-z0-9]{1,3}n~|ss[^a-z0-9]{0,3}#|` +
		`ss[^a-z0-9]{0,3}(?:no|nr|num|nbr|number|card)~|ss[^a-z0-9]{0,3}[0-9]|` +
		`s[^a-z0-9]{1,3}s[^a-z0-9]{0,3}(?:#|(?:no|nr|num|nbr|number|card)~)|` +
		`social[^a-z0-9]{0,3}sec|soc[^a-z0-9]{0,3}(?:sec|#)|soc[^a-z0-9]{1,3}(?:(?:no|num|number)~|[0-9])|ssan~|ss[^a-z0-9]{1,3}(?:is|es)~|` +
		`itin~|i[^a-z0-9]{1,3}t[^a-z0-9]{1,3}i[^a-z0-9]{1,3}n~|nss~|n[^a-z0-9]{1,3}s[^a-z0-9]{1,3}s~|seguro~)`), false},
	{regexp.MustCompile(`^(?:tax[^a-z0-9]{0,3}(?:payer[^a-z0-9]{0,3})?(?:id|(?:no|num|number)~)|` +
		`tin~|t[^a-z0-9]{1,3}i[^a-z0-9]{1,3}n~)`), true},
}

var (
	social    = regexp.MustCompile(`^socials?(?:[^a-z]|$)`)
	notSocial = regexp.MustCompile(`^socials?[^a-z0-9]{1,3}(?:club|distancing|event|hour|media|network|service|skill|work)`)
)

func init() {
	// The mark in the patterns stands for the end of a word.
	for i := range cuePatterns {
		p := cuePatterns[i].pattern.String()
		cuePatterns[i].pattern = regexp.MustCompile(strings.ReplaceAll(p, "~", `(?:[^a-z]|$)`))
	}
}

// findCues returns the cues in the order of their places.
func findCues(s string) []cue {
	var cues []cue
	for i := range len(s) {
		if strings.IndexByte("sintx", s[i]) < 0 || i > 0 && 'a' <= s[i-1] && s[i-1] <= 'z' {
			continue
		}
		rest := s[i:min(i+maxCue, len(s))]
		switch {
		case cuePatterns[0].pattern.MatchString(rest), social.MatchString(rest) && !notSocial.MatchString(rest):
			cues = append(cues, cue{i, false})
		case cuePatterns[1].pattern.MatchString(rest):
			cues = append(cues, cue{i, true})
		}
	}
	return cues
}

const (
	// maxCue is more bytes than a cue can have.
	maxCue    = 80
	cueBefore = 40
	cueAfter  = 20
)

// hasCue reports whether a cue begins near a number; for the number of an
// employer, a cue of a tax number is none.
func hasCue(s string, cues []cue, number run, isEmployers bool) bool {
	first, _ := slices.BinarySearchFunc(cues, number.start-utf8.UTFMax*cueBefore, func(c cue, at int) int { return c.at - at })
	for _, c := range cues[first:] {
		if c.at >= number.end+utf8.UTFMax*cueAfter {
			break
		}
		if isEmployers && c.taxNumber {
			continue
		}
		switch {
		case c.at < number.start:
			if utf8.RuneCountInString(s[c.at:number.start]) <= cueBefore {
				return true
			}
		case c.at >= number.end:
			if utf8.RuneCountInString(s[number.end:c.at]) < cueAfter {
				return true
			}
		}
	}
	return false
}

// otherNumbers are taken out of consideration in this order. The one without a
// pattern is phoneInGroups, since a pattern would read all groups again from
// each of them.
var otherNumbers = []struct {
	pattern *regexp.Regexp
	fits    func(s string, at run) bool
}{
	{regexp.MustCompile(`[$€£] ?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?`), func(s string, at run) bool { return !digitAfter(s, at) }},
	{regexp.MustCompile(`\+[0-9]{1,3}(?:[ ./()-]{0,3}[0-9]+){1,6}`), func(s string, at run) bool {
		digits := countDigits(s[at.start:at.end])
		return digits >= 8 && digits <= 15
	}},
	{regexp.MustCompile(`[0-9]{3}[ ./()-]{0,3}[0-9]{3}[ ./()-]{0,3}[0-9]{4}`), noDigitAround},
	{nil, nil},
	{regexp.MustCompile(`(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}`), func(s string, at run) bool {
		groups := numbersIn(s[at.start:at.end])
		return standsAlone(s, at) && isMonthAndDay(groups[1], groups[2])
	}},
	{regexp.MustCompile(`[0-9]{1,2}[./-][0-9]{1,2}[./-](?:(?:19|20)[0-9]{2}|[0-9]{2})`), func(s string, at run) bool {
		groups := numbersIn(s[at.start:at.end])
		return standsAlone(s, at) && isMonthAndDay(groups[0], groups[1])
	}},
	{regexp.MustCompile(`[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?`), isTimeOfDay},
	{regexp.MustCompile(`[a-z]{2} +[0-9]{5}-[0-9]{4}`), isZIPCode},
}

// takenOut marks the other numbers in a text.
func takenOut(s string, runs []run) marks {
	taken := make(marks, len(s))
	for _, other := range otherNumbers {
		if other.pattern == nil {
			for i := range runs {
				if at, ok := phoneInGroups(s, runs[i:]); ok && !taken.has(at) {
					taken.add(at)
				}
			}
			continue
		}
		for from := 0; from < len(s); {
			m := other.pattern.FindStringIndex(s[from:])
			if m == nil {
				break
			}
			at := run{from + m[0], from + m[1]}
			if !taken.has(at) && other.fits(s, at) {
				taken.add(at)
				from = at.end
				continue
			}
			_, size := utf8.DecodeRuneInString(s[at.start:])
			from = at.start + size
		}
	}
	return taken
}

// phoneInGroups returns the phone number that begins with the first of the runs
// and has all that follow in groups of any sizes.
func phoneInGroups(s string, runs []run) (run, bool) {
	digits := 0
	for i, r := range runs {
		if n := r.end - r.start; n > 8 || digits+n > 11 {
			return run{}, false
		}
		digits += r.end - r.start
		if i+1 < len(runs) && isGroupGap(s[r.end:runs[i+1].start]) {
			continue
		}
		isPhone := digits == 10 || digits == 11 && s[runs[0].start] == '1'
		return run{runs[0].start, r.end}, i > 0 && isPhone
	}
	return run{}, false
}

func isGroupGap(gap string) bool {
	return len(gap) <= 3 && strings.Trim(gap, " ./()-") == ""
}

func digitAfter(s string, at run) bool { return at.end < len(s) && text.IsDigit(s[at.end]) }

func noDigitAround(s string, at run) bool {
	return !digitAfter(s, at) && (at.start == 0 || !text.IsDigit(s[at.start-1]))
}

// standsAlone reports whether no digit stands around, and no letter before.
func standsAlone(s string, at run) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:at.start])
	return noDigitAround(s, at) && (at.start == 0 || !text.IsLetterRune(r))
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if text.IsDigit(s[i]) {
			n++
		}
	}
	return n
}

func numbersIn(s string) []int {
	var numbers []int
	for _, r := range digitRuns(s) {
		n, _ := strconv.Atoi(s[r.start:r.end])
		numbers = append(numbers, n)
	}
	return numbers
}

func isMonthAndDay(one, other int) bool {
	return min(one, other) >= 1 && min(one, other) <= 12 && max(one, other) <= 31
}

func isTimeOfDay(s string, at run) bool {
	isPart := func(c byte) bool { return text.IsDigit(c) || c == ':' }
	if at.start > 0 && isPart(s[at.start-1]) || at.end < len(s) && isPart(s[at.end]) {
		return false
	}
	for i, n := range numbersIn(s[at.start:at.end]) {
		if i == 0 && n > 24 || i > 0 && n > 59 {
			return false
		}
	}
	return true
}

var (
	states = strings.Fields("al ak az ar ca co ct dc de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj " +
		"nm ny nc nd oh ok or pa pr ri sc sd tn tx ut vt va wa wv wi wy")
	// statesThatAreWords count only behind a comma.
	statesThatAreWords = strings.Fields("hi id in me ok or")
)

func isZIPCode(s string, at run) bool {
	before := s[:at.start]
	if r, _ := utf8.DecodeLastRuneInString(before); before != "" && text.IsLetterRune(r) || digitAfter(s, at) {
		return false
	}
	state := s[at.start : at.start+2]
	if slices.Contains(statesThatAreWords, state) {
		return strings.HasSuffix(strings.TrimRight(before, " "), ",")
	}
	return slices.Contains(states, state)
}
