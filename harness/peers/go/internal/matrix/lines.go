package matrix

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"lakehouse.invalid/peer/internal/wire"
)

// lines reads a body line by line. It keeps only enough of an overlong line to
// detect it.
type lines struct {
	reader *bufio.Reader
	number int // of the line read last, counted from 1
}

func newLines(body io.Reader) *lines { return &lines{reader: bufio.NewReaderSize(body, 64<<10)} }

// next returns the next line that is not blank, or io.EOF. The line belongs to
// the caller.
func (l *lines) next() ([]byte, error) {
	for {
		line, blank, err := l.read()
		if err != nil {
			return nil, err
		}
		if !blank {
			return line, nil
		}
	}
}

func (l *lines) read() (line []byte, blank bool, err error) {
	blank = true
	empty := true
	for {
		part, err := l.reader.ReadSlice('\n')
		if errors.Is(err, io.EOF) && empty && len(part) == 0 {
			return nil, true, io.EOF
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, true, wire.CutOff()
		}
		empty = false
		part = bytes.TrimSuffix(part, []byte{'\n'})
		blank = blank && len(bytes.Trim(part, " \t\r")) == 0
		line = append(line, part[:min(len(part), wire.MaxBody+1-len(line))]...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			l.number++
			return line, blank, nil
		}
	}
}
