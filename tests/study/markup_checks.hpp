// SPDX-License-Identifier: BSD-3-Clause
// What tests of figures and pages need beside program.hpp: files, a strict reader of tags.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::test {

inline void put(const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

inline int count(std::string_view text, std::string_view part) {
  int n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++n;
  }
  return n;
}

/// What is wrong with the markup of a document, empty if nothing: tags in pairs, attributes quoted,
/// entities complete, every id once, every reference to an id answered.
inline std::string markup_problem(std::string_view text) {
  std::vector<std::string> open;
  std::vector<std::string> ids;
  std::vector<std::string> references;
  const auto entities_ok = [](std::string_view part) {
    for (std::size_t at = part.find('&'); at != std::string_view::npos;
         at = part.find('&', at + 1)) {
      const std::size_t end = part.find(';', at);
      if (end == std::string_view::npos || end - at > 8 || end == at + 1) {
        return false;
      }
    }
    return true;
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t tag = std::min(text.find('<', at), text.size());
    const bool style = !open.empty() && open.back() == "style";
    if (!style && !entities_ok(text.substr(at, tag - at))) {
      return "bare & before byte " + std::to_string(tag);
    }
    if (tag == text.size()) {
      break;
    }
    std::size_t i = tag + 1;
    if (text[i] == '?' || text[i] == '!') {
      at = text.find('>', i) + 1;
      continue;
    }
    const bool closes = text[i] == '/';
    i += closes ? 1 : 0;
    const std::size_t name_end = text.find_first_of(" \t\r\n/>", i);
    const std::string name(text.substr(i, name_end - i));
    if (name.empty() || name.find_first_of("<&\"'") != std::string::npos) {
      return "bad tag at byte " + std::to_string(tag);
    }
    i = name_end;
    bool alone = name == "meta" || name == "img"; // HTML's void elements
    while (true) {
      i = text.find_first_not_of(" \t\r\n", i);
      if (i == std::string_view::npos) {
        return "tag without end: " + name;
      }
      if (text[i] == '>') {
        break;
      }
      if (text[i] == '/') {
        alone = true;
        ++i;
        continue;
      }
      const std::size_t key_end = text.find_first_of(" \t\r\n=>", i);
      const std::string key(text.substr(i, key_end - i));
      i = text.find_first_not_of(" \t\r\n", key_end);
      if (text[i] != '=') {
        return "attribute without value in " + name + ": " + key;
      }
      i = text.find_first_not_of(" \t\r\n", i + 1);
      if (text[i] != '"' && text[i] != '\'') {
        return "unquoted attribute in " + name + ": " + key;
      }
      const std::size_t end = text.find(text[i], i + 1);
      const std::string value(text.substr(i + 1, end - i - 1));
      if (value.find('<') != std::string::npos || !entities_ok(value)) {
        return "bad value of " + key;
      }
      if (key == "id") {
        if (std::find(ids.begin(), ids.end(), value) != ids.end()) {
          return "id twice: " + value;
        }
        ids.push_back(value);
      }
      if ((key == "href" || key == "xlink:href") && value.starts_with("#")) {
        references.push_back(value.substr(1));
      }
      i = end + 1;
    }
    at = i + 1;
    if (closes) {
      if (open.empty() || open.back() != name) {
        return "</" + name + "> closes " + (open.empty() ? "nothing" : open.back());
      }
      open.pop_back();
    } else if (!alone) {
      open.push_back(name);
    }
  }
  for (const std::string& id : references) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
      return "no such id: " + id;
    }
  }
  return open.empty() ? "" : "not closed: " + open.back();
}

} // namespace gradus::test
