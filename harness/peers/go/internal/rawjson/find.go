package rawjson

// Draft reads the object that begins at text[i] as language models write them:
// its strings may have raw control characters. It returns the object's source,
// which is only valid JSON if it has no such characters, its number of levels,
// and, if there is no complete object, where it breaks.
func Draft(text []byte, i int) (source []byte, depth int, fault Fault, ok bool) {
	s := scanner{rawControls: true}
	found, ok := s.scan(text, i)
	if !ok {
		return nil, 0, s.fault, false
	}
	return text[i:found.end], int(found.height), Fault{}, true
}

// Drafts finds the ends of drafted objects in one text. Reading all of them
// takes time proportional to the text's length.
type Drafts struct {
	text []byte
	s    scanner
}

// NewDrafts returns the finder for a text.
func NewDrafts(text []byte) *Drafts {
	return &Drafts{text: text, s: scanner{rawControls: true, seen: memo{}}}
}

// End returns the end of the complete object that begins at the text's byte i,
// if there is one.
func (d *Drafts) End(i int) (int, bool) {
	if known, ok := d.s.seen[i]; ok {
		return known.end, known.end > 0
	}
	found, ok := d.s.scan(d.text, i)
	return found.end, ok
}
