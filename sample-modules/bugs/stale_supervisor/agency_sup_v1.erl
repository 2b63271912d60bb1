%% agency_sup, version 1: the supervisor of an agency, which is a supervisor of its own kind.
-module(agency_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{intensity => 3},
          [#{id => agency, start => {agency, start_link, [agency, []]}, type => supervisor}]}}.
