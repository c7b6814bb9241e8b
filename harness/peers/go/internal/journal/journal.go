// Package journal is an append-only file of records, one JSON value a line,
// each of which is on the disk before Append returns.
package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Journal adds records to one file. It is not safe for concurrent use.
type Journal struct {
	file   *os.File
	end    int64
	broken error
}

// Open passes every record of the file at path to replay, in order, and
// returns a journal that continues after them. It creates the file and its
// folder as needed, and cuts off the rest of a last record that a crash left
// unacknowledged.
func Open[R any](path string, replay func(record R) error) (*Journal, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	j := &Journal{file: file}
	if err := j.open(func(line []byte) error {
		var record R
		if err := json.Unmarshal(line, &record); err != nil {
			return err
		}
		return replay(record)
	}); err != nil {
		file.Close()
		return nil, fmt.Errorf("journal `%s` at byte %d: %w", path, j.end, err)
	}
	return j, nil
}

func (j *Journal) open(replay func(line []byte) error) error {
	reader := bufio.NewReaderSize(j.file, 1<<20)
	for {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = replay(line)
		}
		if err != nil {
			return err
		}
		j.end += int64(len(line))
	}
	if err := j.cut(); err != nil {
		return err
	}
	// The name of a new file must be durable as well.
	folder, err := os.Open(filepath.Dir(j.file.Name()))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Append adds a record. A record that could not be written completely is
// removed; when that fails too, the journal accepts no more.
func (j *Journal) Append(record any) error {
	if j.broken != nil {
		return j.broken
	}
	var line bytes.Buffer
	if err := json.NewEncoder(&line).Encode(record); err != nil {
		return err
	}
	_, err := j.file.WriteAt(line.Bytes(), j.end)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		j.broken = j.cut()
		return err
	}
	j.end += int64(line.Len())
	return nil
}

// cut drops the bytes after the last complete record.
func (j *Journal) cut() error {
	return errors.Join(j.file.Truncate(j.end), j.file.Sync())
}

// Close closes the journal.
func (j *Journal) Close() error { return j.file.Close() }
