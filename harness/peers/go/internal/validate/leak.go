package validate

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/contact"
	"lakehouse.invalid/peer/internal/names"
	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/text"
)

// search finds the first datum of one kind in a folded reading. It calls found
// with the workers who have the datum until found returns true.
type search func(reading foldedReading, workers *roster.Roster, found func(sharers []*roster.Worker) bool)

// foldedReading is a folded reading and which of its bytes came from capitals.
type foldedReading struct {
	text     string
	capitals []bool
}

// searches are in the order of their failures.
var searches = []struct {
	what string
	in   search
}{
	{"email address", searchEmails},
	{"phone number", searchPhones},
	{"id", searchIDs},
	{"name", searchNames},
}

// leaks fails for each kind of datum in a text that belongs to another worker
// than the one the message is for.
func (c *checker) leaks(name, value string, recipient *roster.Worker) {
	var folded []foldedReading
	for _, reading := range readings(value) {
		folded = append(folded, foldedReading{text.Fold(reading), text.Capitals(reading)})
	}
	for _, s := range searches {
		if owner := c.owner(folded, s.in, recipient); owner != nil {
			c.fail(Policy, "%s has the %s of worker `%s`", name, s.what, owner.ID)
		}
	}
}

// owner returns the worker whose datum comes first, or nil.
func (c *checker) owner(readings []foldedReading, in search, recipient *roster.Worker) (owner *roster.Worker) {
	for _, reading := range readings {
		in(reading, c.roster, func(sharers []*roster.Worker) bool {
			owner = other(sharers, recipient)
			return owner != nil
		})
		if owner != nil {
			return owner
		}
	}
	return nil
}

// other returns the first of the workers who share a datum, unless the
// recipient is one of them.
func other(sharers []*roster.Worker, recipient *roster.Worker) *roster.Worker {
	for _, w := range sharers {
		if w == recipient {
			return nil
		}
	}
	if len(sharers) == 0 {
		return nil
	}
	return sharers[0]
}

// spelledOut are the words for the marks of an address, in the order in which
// they are replaced.
var spelledOut = []struct {
	pattern *regexp.Regexp
	to      string
}{
	{regexp.MustCompile(` *[(\[{<] *(at|arroba|a) *[)\]}>] *`), "@"},
	{regexp.MustCompile(` +(at|arroba) +`), "@"},
	{regexp.MustCompile(` *[(\[{<] *(dot|punto) *[)\]}>] *`), "."},
	{regexp.MustCompile(` +(dot|punto) +`), "."},
	{regexp.MustCompile(` *@ *`), "@"},
	{regexp.MustCompile(` +\. *|\. +`), "."},
}

func searchEmails(reading foldedReading, workers *roster.Roster, found func([]*roster.Worker) bool) {
	folded := reading.text
	if searchAddresses(folded, workers, found) {
		return
	}
	for _, words := range spelledOut {
		folded = words.pattern.ReplaceAllString(folded, words.to)
	}
	searchAddresses(folded, workers, found)
}

const (
	maxLocal  = 64
	maxDomain = 255
)

func searchAddresses(s string, workers *roster.Roster, found func([]*roster.Worker) bool) bool {
	for at := range len(s) {
		if s[at] != '@' {
			continue
		}
		if sharers := addressAt(s, at, workers); sharers != nil && found(sharers) {
			return true
		}
	}
	return false
}

// addressAt returns the workers with the first address of the roster around an
// `@`.
func addressAt(s string, at int, workers *roster.Roster) []*roster.Worker {
	start, end := at, at+1
	for start > 0 && at-start < maxLocal && isLocal(s[start-1]) {
		start--
	}
	for end < len(s) && end-at-1 < maxDomain && isDomain(s[end]) {
		end++
	}
	// Few places end a domain of the roster, so the beginnings are tried with
	// few ends.
	var ends []int
	for to := end; to > at+1; to-- {
		if to < len(s) && (isLowerAlnum(s[to]) || s[to] == '-' && to+1 < len(s) && isLowerAlnum(s[to+1])) {
			continue
		}
		if workers.HasDomain(s[at+1 : to]) {
			ends = append(ends, to)
		}
	}
	if len(ends) == 0 {
		return nil
	}
	for from := start; from < at; from++ {
		if !beginsAddress(s, from) {
			continue
		}
		for _, to := range ends {
			if sharers := workers.WithMailbox(contact.Mailbox(s[from:to])); sharers != nil {
				return sharers
			}
		}
	}
	return nil
}

func isLocal(c byte) bool {
	return isLowerAlnum(c) || strings.IndexByte(".!#$%&'*+/=?^_`{|}~-", c) >= 0
}

func isDomain(c byte) bool { return isLowerAlnum(c) || c == '.' || c == '-' }

func isLowerAlnum(c byte) bool { return 'a' <= c && c <= 'z' || text.IsDigit(c) }

// beginsAddress reports whether nothing before belongs to the address.
func beginsAddress(s string, from int) bool {
	if from == 0 {
		return true
	}
	before := s[from-1]
	if isLowerAlnum(before) {
		return false
	}
	return strings.IndexByte(".-_+'", before) < 0 || from < 2 || !isLowerAlnum(s[from-2])
}

// run is a longest run of digits.
type run struct{ start, end int }

func digitRuns(s string) []run {
	var runs []run
	for i := 0; i < len(s); i++ {
		if !text.IsDigit(s[i]) {
			continue
		}
		start := i
		for i < len(s) && text.IsDigit(s[i]) {
			i++
		}
		runs = append(runs, run{start, i})
	}
	return runs
}

const (
	maxPhoneDigits = 18
	maxPhoneGap    = 8
	// maxTrunkGap is the maximum between two runs around a `(0)`.
	maxTrunkGap = 12
)

// phoneRun is a run of digits and the maximum of characters before it.
type phoneRun struct {
	run
	maxGap int
}

// phoneRuns leaves out the trunk prefix of international numbers.
func phoneRuns(s string) []phoneRun {
	var runs []phoneRun
	gap := maxPhoneGap
	for i, r := range digitRuns(s) {
		trunk := i > 0 && s[r.start:r.end] == "0" && s[r.start-1] == '(' && strings.HasPrefix(s[r.end:], ")")
		if trunk {
			gap = maxTrunkGap
			continue
		}
		runs = append(runs, phoneRun{r, gap})
		gap = maxPhoneGap
	}
	return runs
}

func searchPhones(reading foldedReading, workers *roster.Roster, found func([]*roster.Worker) bool) {
	s := reading.text
	runs := phoneRuns(s)
	for i := range runs {
		digits := ""
		for j := i; j < len(runs); j++ {
			if j > i && !linked(s[runs[j-1].end:runs[j].start], runs[j].maxGap) {
				break
			}
			digits += s[runs[j].start:runs[j].end]
			if len(digits) > maxPhoneDigits {
				break
			}
			if len(digits) < 10 {
				continue
			}
			if sharers := workers.WithNumber(contact.Number(digits)); sharers != nil && found(sharers) {
				return
			}
		}
	}
}

// linked reports whether the runs around a gap may be one number.
func linked(gap string, most int) bool {
	return utf8.RuneCountInString(gap) <= most && !containsLetter(gap)
}

func containsLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return 'a' <= r && r <= 'z' })
}

const maxPieces = 8

func searchIDs(reading foldedReading, workers *roster.Roster, found func([]*roster.Worker) bool) {
	inToken := func(c byte) bool { return isLowerAlnum(c) || c == '-' || c == '_' }
	text.Runs(reading.text, inToken, func(token string) bool {
		var pieces []run
		for i := 0; i < len(token); i++ {
			if token[i] == '_' {
				continue
			}
			start := i
			for i < len(token) && token[i] != '_' {
				i++
			}
			pieces = append(pieces, run{start, i})
		}
		for i, first := range pieces {
			for j := min(i+maxPieces, len(pieces)) - 1; j >= i; j-- {
				id := strings.Trim(token[first.start:pieces[j].end], "-")
				if sharers := workers.WithFoldedID(id); sharers != nil && found(sharers) {
					return false
				}
			}
		}
		return true
	})
}

func searchNames(reading foldedReading, workers *roster.Roster, found func([]*roster.Worker) bool) {
	names.Search(reading.text, reading.capitals, func(key string) names.Decision {
		sharers := workers.WithName(key)
		switch {
		case sharers == nil:
			return names.Unknown
		case found(sharers):
			return names.Stop
		}
		return names.NextWord
	})
}
