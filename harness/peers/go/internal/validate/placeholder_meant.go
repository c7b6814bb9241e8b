package validate

import (
	"regexp"
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/text"
)

// What looks like a placeholder and is meant as it is: codes and keys, labels,
// lines to sign, numerals.

var codeToEnter = regexp.MustCompile(`^([A-Z]{2,20})[0-9]{2,4}$`)

// isCodeToEnter reports whether a content is a code such as SAVE10.
func isCodeToEnter(content string) bool {
	m := codeToEnter.FindStringSubmatch(content)
	if m == nil {
		return false
	}
	word := text.Lower(m[1])
	return !fieldNames[word] && !fieldFillers[word]
}

const keyNames = `(?:enter|return|esc|escape|tab|space|spacebar|backspace|delete|ctrl|control|alt|cmd|command|home|pgup|` +
	`pgdn|page up|page down|caps lock|f[1-9]|f1[0-2])`

var (
	key        = regexp.MustCompile(`^(?:` + keyNames + `|(?:ctrl|control|alt|cmd|command|shift)-(?:[a-z0-9]|` + keyNames + `))$`)
	keyOrField = regexp.MustCompile(`^(?:shift|end|insert)$`)
	press      = strings.Fields("press hit push tap hold key presione presiona pulse pulsa oprima tecla")
)

// isKey reports whether the content of the brackets is a key to press.
func (m match) isKey(content string) bool {
	content = text.Lower(content)
	if keyOrField.MatchString(content) {
		return strings.HasSuffix(m.before(), "+") || m.afterWord(press)
	}
	return key.MatchString(content)
}

// labelValue is how the value of labels with these words begins.
type labelValue struct {
	words map[string]bool
	value *regexp.Regexp
}

var labelValues = []labelValue{
	{wordSet("address street building suite unit room dock zip zipcode direccion"), regexp.MustCompile(`^#?[0-9]`)},
	{wordSet("pay rate wage salary amount price bonus salario"), regexp.MustCompile(`^\$?[0-9]`)},
	{wordSet("date day fecha"), regexp.MustCompile(`^[0-9]{1,4}[/.-][0-9]`)},
	{
		wordSet("time hour hours start end finish shift schedule hora turno"),
		regexp.MustCompile(`^[0-9]{1,2}(?::[0-9]{2}|[AaPp]| [AaPp]\.?[Mm])`),
	},
	{wordSet("phone telephone mobile cell fax number num telefono numero"), regexp.MustCompile(`^[(+]?[0-9][0-9 ().+-]{6}`)},
}

var valueAfter = regexp.MustCompile(`^:? +`)

// isLabel reports whether square brackets are a label with the value behind it.
func (m match) isLabel() bool {
	space := valueAfter.FindString(m.after())
	if space == "" || !m.beginsEntry() {
		return false
	}
	value := m.after()[len(space):]
	fits := false
	for _, word := range contentWords(m.group) {
		if !fieldNames[word] {
			continue
		}
		i := slices.IndexFunc(labelValues, func(kind labelValue) bool { return kind.words[word] })
		if i < 0 {
			return false
		}
		fits = fits || labelValues[i].value.MatchString(value)
	}
	return fits
}

// beginsEntry reports whether a line, a cell or an item of a list begins with
// the match.
func (m match) beginsEntry() bool {
	before := strings.TrimRight(m.before(), " ")
	if before == "" || strings.IndexByte("\n|;>", before[len(before)-1]) >= 0 {
		return true
	}
	for _, bullet := range []string{"-", "*", "•"} {
		if line, ok := strings.CutSuffix(before, bullet); ok {
			line = strings.TrimRight(line, " ")
			return line == "" || strings.HasSuffix(line, "\n")
		}
	}
	return false
}

var gap = regexp.MustCompile(`_{3,}|: *\.{5,}`)

// linesToSign returns the lines with a gap for a signature.
func linesToSign(s string) []run {
	var lines []run
	for _, m := range gap.FindAllStringIndex(s, -1) {
		if n := len(lines); n > 0 && m[0] < lines[n-1].end || !asksForSignature(gapLabel(s[:m[0]])) {
			continue
		}
		line := run{strings.LastIndexByte(s[:m[0]], '\n') + 1, len(s)}
		if length := strings.IndexByte(s[m[1]:], '\n'); length >= 0 {
			line.end = m[1] + length
		}
		lines = append(lines, line)
	}
	return lines
}

// isToSign reports whether a gap is one of a line to sign.
func (m match) isToSign() bool {
	isOn := func(line run) bool { return line.start <= m.start && m.start < line.end }
	if !slices.ContainsFunc(m.toSign, isOn) {
		return false
	}
	label := gapLabel(m.before())
	isOther := func(word string) bool { return !besideSignature[word] }
	return asksForSignature(label) || len(label) > 0 && !slices.ContainsFunc(label, isOther)
}

// gapLabel returns the words before a gap.
func gapLabel(before string) []string {
	before = before[strings.LastIndexAny(before, "\n_.,;!?|")+1:]
	return strings.FieldsFunc(text.Lower(before), func(r rune) bool { return !text.IsLetterRune(r) })
}

var (
	signature       = wordSet("signature signatures signed initials firma firmas iniciales")
	besideSignature = wordSet("date fecha print printed name nombre title time hora")
	signLabel       = regexp.MustCompile(`^(?:x|(?:.* )?(?:sign|initial|firme|sign here|initial here|firme aqui))$`)
)

// asksForSignature reports whether what a label names is written with a pen.
func asksForSignature(label []string) bool {
	if len(label) > 4 {
		return false
	}
	hasWord := slices.ContainsFunc(label, func(word string) bool { return signature[word] })
	return hasWord || signLabel.MatchString(strings.Join(label, " "))
}

const (
	otherNumeral   = `(?:XS|S|M|L|XL|XXL|XXXL|[2-6]XL?|X{2,3}(?:I{1,3}|I?V|VI{1,3}|IX))`
	numeralDivider = `(?: {0,8}[,/-] {0,8}| {1,8}(?:and|or|to|y|o|a) {1,8})`
)

var (
	numeralWords  = strings.Fields("size sizes talla tallas bowl chapter chapters capitulo capitulos volume tomo siglo")
	numeralBefore = regexp.MustCompile(`(?:^|[^A-Za-z0-9])` + otherNumeral + numeralDivider + `$`)
	numeralBehind = regexp.MustCompile(`^` + numeralDivider + otherNumeral + `(?:[^A-Za-z0-9]|$)`)
)

// maxNumeral is more bytes than another numeral and its divider have.
const maxNumeral = 40

// isNumeral reports whether the match is the numeral 30 or a size.
func (m match) isNumeral() bool {
	if m.text() != "XXX" {
		return false
	}
	before := m.before()[max(0, m.start-maxNumeral):]
	return m.afterWord(numeralWords) || numeralBefore.MatchString(before) || numeralBehind.MatchString(m.after())
}
