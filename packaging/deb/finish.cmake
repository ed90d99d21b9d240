# SPDX-License-Identifier: Apache-2.0
# Run by CPack when the files of the packages lie in their folders, one for each component: adds the copyright, the
# changelogs and the compression that Debian's policy asks for.
set(top ${CMAKE_CURRENT_LIST_DIR}/../..)
set(names library ${CPACK_DEBIAN_LIBRARY_PACKAGE_NAME} development ${CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME} command
          ${CPACK_DEBIAN_COMMAND_PACKAGE_NAME})

file(STRINGS ${top}/CHANGELOG.md heading REGEX "^## \\[${CPACK_PACKAGE_VERSION}\\]" LIMIT_COUNT 1)
string(REGEX MATCH "[0-9]+-[0-9]+-[0-9]+" day "${heading}")
execute_process(
  COMMAND date -u -R -d "${day}"
  OUTPUT_VARIABLE date
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(READ ${CMAKE_CURRENT_LIST_DIR}/copyright copyright)

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  list(FIND names ${component} at)
  math(EXPR at "${at} + 1")
  list(GET names ${at} package)
  set(root ${CPACK_TEMPORARY_DIRECTORY}/${component})
  set(doc ${root}/usr/share/doc/${package})
  file(REMOVE_RECURSE ${root}/usr/share/doc)
  file(WRITE ${doc}/copyright "${copyright}")
  file(COPY_FILE ${top}/CHANGELOG.md ${doc}/changelog)
  file(WRITE ${doc}/changelog.Debian
       "curfew (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Version ${CPACK_PACKAGE_VERSION}; the upstream changelog says what is in it.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
  file(GLOB pages ${root}/usr/share/man/man*/*.[0-9])
  execute_process(COMMAND gzip -9nf ${doc}/changelog ${doc}/changelog.Debian ${pages} COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB_RECURSE folders LIST_DIRECTORIES true ${root}/*)
  foreach(one IN LISTS folders)
    if(IS_DIRECTORY ${one})
      file(CHMOD ${one} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
    endif()
  endforeach()
  file(GLOB_RECURSE docs ${doc}/* ${root}/usr/share/man/*)
  file(CHMOD ${docs} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endforeach()
